import type { CisFile, CisProgram, CisSubject } from '../../../src/kubernetes/cis/check.ts';
import { cisPaths } from '../../../src/kubernetes/cis/run-checks.ts';
import { LOOPBACK, listeners } from '../../../src/kubernetes/listeners.ts';
import type { TestHost } from '../hosts/host.ts';
import { kubectl } from './kubectl.ts';

const PROGRAMS: readonly CisProgram[] = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'etcd',
  'kubelet',
  'kube-proxy',
];

/** What the benchmark finds on a node that runs: its files, the command lines of its processes, and what kubelet and kube-proxy say they use. */
export async function liveCisSubject(host: TestHost): Promise<CisSubject> {
  const [files, commands, kubelet, kubeProxy] = await Promise.all([
    filesOf(host),
    commandsOf(host),
    kubectl(host, ['get', '--raw', `/api/v1/nodes/${host.name}/proxy/configz`]),
    host.run(['curl', '--silent', '--fail', `http://${LOOPBACK}:${listeners.kubeProxyMetrics.port}/configz`]),
  ]);
  return {
    files,
    commands,
    kubelet: JSON.parse(kubelet).kubeletconfig,
    kubeProxy: JSON.parse(kubeProxy.stdout)['kubeproxy.config.k8s.io'],
  };
}

async function filesOf(host: TestHost): Promise<ReadonlyMap<string, CisFile>> {
  const asked = cisPaths();
  const folders = asked.filter((path) => path.endsWith('/')).map((path) => path.slice(0, -1));
  const single = asked.filter((path) => !path.endsWith('/'));
  const format = String.raw`%p\0%m\0%u\0%g\0`;
  const { stdout } = await host.run({
    // Of what is not there, the benchmark says so itself.
    script: `find ${folders.join(' ')} -printf '${format}' 2>/dev/null || true
find ${single.join(' ')} -maxdepth 0 -printf '${format}' 2>/dev/null || true`,
  });
  const words = stdout.split('\0');
  const files = new Map<string, CisFile>();
  for (let at = 0; at + 3 < words.length; at += 4) {
    const [path = '', mode = '', user = '', group = ''] = words.slice(at, at + 4);
    files.set(path, { mode: Number.parseInt(mode, 8), user, group });
  }
  return files;
}

/** Throws when there is none of a program, or several. */
async function commandsOf(host: TestHost): Promise<CisSubject['commands']> {
  const { stdout } = await host.run({
    script: 'for each in /proc/[0-9]*/cmdline; do cat "$each" || true; echo; done 2>/dev/null',
  });
  const running = stdout.split('\n').map((line) => line.split('\0').filter((word) => word !== ''));
  const commands: Partial<Record<CisProgram, readonly string[]>> = {};
  for (const program of PROGRAMS) {
    const [command, ...more] = running.filter(([path = '']) => path.split('/').at(-1) === program);
    if (command === undefined || more.length > 0)
      throw new Error(`${host.name} runs ${more.length} of ${program}, not one`);
    commands[program] = command;
  }
  return commands;
}
