import { spawn } from 'node:child_process';
import { appendFile, mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  Container,
  EnvironmentVariable,
  Pod,
  Volume,
  VolumeMount,
} from '../../../../src/kubernetes/static-pods/pod.ts';
import { command } from '../../kubeadm/sandbox/command.ts';
import { makeHostRoot, onHost } from '../../kubeadm/sandbox/host-root.ts';
import type { SandboxHost, SandboxRequest } from '../../kubeadm/sandbox/protocol.ts';
import { askProbe } from './ask-probe.ts';

export interface SandboxNode {
  readonly root: string;
  readonly containers: string;
  readonly host: SandboxHost;
  readonly sandbox: SandboxRequest;
  /** What the kubelet would say is the host's. */
  readonly address: string;
}

/** What a container runtime leaves to a container that asks for nothing else. */
const DEFAULT_CAPABILITIES =
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  );
const DEADLINE_MS = 60_000;

interface Security {
  readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
  readonly allowPrivilegeEscalation?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
}

/**
 * Runs the one container of a static pod, with the volumes, capabilities, user and environment of its manifest and nothing else, and waits
 * until all its probes are content. Throws with its last words when it ends, or is not healthy in time.
 */
export async function runPod(pod: Pod, node: SandboxNode): Promise<void> {
  const [container] = pod.spec.containers;
  if (container === undefined) throw new Error(`${pod.metadata.name} has no container`);
  const root = join(node.containers, pod.metadata.name);
  await makeContainerRoot(root, { pod, container, node });
  const security = (container.securityContext ?? {}) as Security;
  if (security.readOnlyRootFilesystem === true) await command('mount', '-o', 'remount,bind,ro', root);
  const argv = [...limits(security, pod), 'env', ...environment(container, node), ...expanded(container, node)];
  const child = spawn('unshare', onHost(root, node.host, argv, node.sandbox.programs.length), {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let words = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-20_000);
    });
  }
  const ended = new Promise<never>((_resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${pod.metadata.name} ended with ${code}:\n${words}`)));
  });
  await Promise.race([healthy(container, () => words), ended]);
  // From here on an end of it shows in what is asked of it.
  ended.catch(() => undefined);
}

async function healthy(container: Container, words: () => string): Promise<void> {
  const { startupProbe, readinessProbe, livenessProbe } = container;
  const probes = [startupProbe, readinessProbe, livenessProbe].flatMap((probe) => probe ?? []);
  const deadline = performance.now() + DEADLINE_MS;
  for (const probe of probes) {
    for (let answer = ''; answer !== 'ok'; ) {
      answer = await askProbe(probe, container);
      if (answer === 'ok') continue;
      if (performance.now() > deadline) {
        throw new Error(`${container.name}: ${probe.httpGet.path} says ${answer} after ${DEADLINE_MS} ms:\n${words()}`);
      }
      await sleep(100);
    }
  }
}

interface Placing {
  readonly pod: Pod;
  readonly container: Container;
  readonly node: SandboxNode;
}

/** What an image would bring, and the volumes. */
async function makeContainerRoot(root: string, { pod, container, node }: Placing): Promise<void> {
  await makeHostRoot(root, node.host, node.sandbox);
  await command('mount', '--rbind', root, root);
  await appendFile(join(root, 'etc/passwd'), 'nobody:x:65534:65534:nobody:/:/bin/false\n');
  await appendFile(join(root, 'etc/group'), 'nobody:x:65534:\nnogroup:x:65534:\n');
  await mkdir(join(root, 'etc/nginx/modules-enabled'), { recursive: true });
  await writeFile(join(root, 'etc/nginx/modules-enabled/stream.conf'), 'load_module modules/ngx_stream_module.so;\n');
  for (const mount of container.volumeMounts) {
    const volume = pod.spec.volumes.find(({ name }) => name === mount.name);
    if (volume === undefined) throw new Error(`${container.name} mounts ${mount.name}, which is no volume of the pod`);
    await mountVolume(root, { volume, mount, node });
  }
}

async function mountVolume(
  root: string,
  { volume, mount, node }: { volume: Volume; mount: VolumeMount; node: SandboxNode },
): Promise<void> {
  // What the machine's own /usr has is there already, and cannot be written.
  if (mount.mountPath.startsWith('/usr/')) return;
  const target = join(root, mount.mountPath);
  if (volume.hostPath === undefined) {
    await mkdir(target, { recursive: true });
    await command('mount', '-t', 'tmpfs', '-o', 'mode=1777', 'tmpfs', target);
    return;
  }
  const source = join(node.root, volume.hostPath.path);
  const isFile = await prepare(source, volume.hostPath.type);
  await mkdir(isFile ? dirname(target) : target, { recursive: true });
  if (isFile) await writeFile(target, '');
  await command('mount', '--bind', source, target);
  if (mount.readOnly === true) await command('mount', '-o', 'remount,bind,ro', target);
}

/** As the kubelet: what may be made is made, what has to be there is looked for. Says whether it is a file. */
async function prepare(source: string, type: string): Promise<boolean> {
  if (type === 'DirectoryOrCreate') await mkdir(source, { recursive: true });
  const found = await stat(source);
  if (/^File/.test(type) !== found.isFile()) throw new Error(`${source} is no ${type}`);
  return found.isFile();
}

/** Words of util-linux' setpriv that leave a program what its pod says. */
function limits(security: Security, pod: Pod): readonly string[] {
  const dropped = security.capabilities?.drop?.includes('ALL') === true;
  const capabilities = [...(dropped ? [] : DEFAULT_CAPABILITIES), ...(security.capabilities?.add ?? [])];
  const { runAsUser, runAsGroup } = pod.spec.securityContext as { runAsUser?: number; runAsGroup?: number };
  const bounding = ['-all', ...capabilities.map((name) => `+${name.toLowerCase()}`)].join(',');
  return [
    'setpriv',
    `--bounding-set=${bounding}`,
    '--inh-caps=-all',
    ...(security.allowPrivilegeEscalation === false ? ['--no-new-privs'] : []),
    ...(runAsUser === undefined ? [] : [`--reuid=${runAsUser}`, `--regid=${runAsGroup}`, '--clear-groups']),
    '--',
  ];
}

function environment({ env = [] }: Container, node: SandboxNode): readonly string[] {
  return env.map((variable) => `${variable.name}=${valueOfVariable(variable, node)}`);
}

/** Arguments with `$(NAME)` replaced by variables, as the kubelet does. */
function expanded({ command: words, env = [] }: Container, node: SandboxNode): readonly string[] {
  const values = new Map(env.map((variable) => [variable.name, valueOfVariable(variable, node)]));
  return words.map((word) => word.replace(/\$\((\w+)\)/g, (whole, name: string) => values.get(name) ?? whole));
}

function valueOfVariable(variable: EnvironmentVariable, { address }: SandboxNode): string {
  if ('value' in variable) return variable.value;
  const { fieldPath } = variable.valueFrom.fieldRef;
  if (fieldPath !== 'status.hostIP') throw new Error(`${variable.name} is of ${fieldPath}, which is not known here`);
  return address;
}
