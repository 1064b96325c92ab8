import { DISC_FILE, metalk8s } from '../cluster/bootstrap-ground.ts';
import { coveredBy, pullTimes, type Stretch } from '../cluster/pull-times.ts';
import type { TestHost } from '../hosts/host.ts';
import { secondsOf } from './seconds-of.ts';
import { secondsIn, stepTimes } from './step-times.ts';

/** In seconds. */
export interface BootstrapTimes {
  readonly verification: number;
  readonly openssl: number;
  readonly packages: number;
  /** From the host prepared, its packages installed and its container runtime up: what `kubeadm init` finds, too. */
  readonly healthy: number;
  readonly ready: number;
  /** Of the time until then, how much was pulling. */
  readonly pulledHealthy: number;
  readonly pulledReady: number;
  readonly whole: number;
  /** The packages that came, as dnf takes their names. */
  readonly installed: readonly string[];
}

/** Bootstraps a bare host from the disc, and says what took how long. `say` gets lines about the steps that take longest. */
export async function bootstrapTimes(host: TestHost, say: (line: string) => void): Promise<BootstrapTimes> {
  // Both read the disc from the page cache.
  const openssl = ['openssl', 'dgst', '-sha256', DISC_FILE] as const;
  await host.run(openssl);
  const opensslTime = await secondsOf(() => host.run(openssl));
  let stderr = '';
  const whole = await secondsOf(async () => {
    const ended = await metalk8s(host, ['bootstrap', '--log-format', 'json'], { timeoutMs: 1_800_000 });
    stderr = ended.stderr;
    if (ended.exitCode !== 0) throw new Error(`bootstrap ended with ${ended.exitCode}:\n${stderr.slice(-4000)}`);
  });
  const steps = stepTimes(stderr);
  const { stdout: log } = await host.run(['journalctl', '--unit=containerd', '--output=cat', '--no-pager']);
  const pulls = pullTimes(log);
  say('steps of bootstrap that take longest');
  const slowest = [...steps].toSorted(([, one], [, other]) => secondsIn(other) - secondsIn(one)).slice(0, 16);
  for (const [id, step] of slowest) say(`  ${id.padEnd(42)} ${secondsIn(step).toFixed(2).padStart(9)} s`);
  const prepared = stepOf(steps, 'salt-prepare').to;
  const until = (id: string): Stretch => ({ from: prepared, to: stepOf(steps, id).to });
  const [healthy, ready] = [until('wait-for-apiserver'), until('wait-for-pods')];
  const verification = [...steps].filter(([id]) => id.startsWith('archives/'));
  return {
    verification: verification.reduce((sum, [, step]) => sum + secondsIn(step), 0),
    openssl: opensslTime,
    packages: secondsIn(stepOf(steps, 'install-packages')) + (await saltPackageTime(host)),
    healthy: secondsIn(healthy),
    ready: secondsIn(ready),
    pulledHealthy: coveredBy(pulls, healthy) / 1000,
    pulledReady: coveredBy(pulls, ready) / 1000,
    whole,
    installed: await newPackages(host),
  };
}

function stepOf(steps: ReadonlyMap<string, Stretch>, id: string): Stretch {
  const found = steps.get(id);
  if (found === undefined) throw new Error(`there was no step ${id}, but ${[...steps.keys()].join(', ')}`);
  return found;
}

/** What Salt took for its states of packages. */
async function saltPackageTime(host: TestHost): Promise<number> {
  const log = String(await host.read('/var/log/metalk8s/salt.log'));
  const states = /Executing state pkg\.installed for .*\n(?:.*\n)*?.*Completed state .* \(duration_in_ms=([\d.]+)\)/g;
  const times = [...log.matchAll(states)].map(([, time]) => Number(time) / 1000);
  if (times.length === 0) throw new Error('Salt’s log tells of no packages');
  return times.reduce((sum, time) => sum + time, 0);
}

async function newPackages(host: TestHost): Promise<readonly string[]> {
  const { entries } = JSON.parse(String(await host.read('/var/lib/metalk8s/possessions.json'))) as {
    readonly entries: readonly { readonly what: string; readonly packages?: readonly string[] }[];
  };
  const before = entries.find(({ what }) => what === 'packages-before')?.packages ?? [];
  const format = '%{NAME}-%{EPOCHNUM}:%{VERSION}-%{RELEASE}.%{ARCH}\\n';
  const { stdout } = await host.run(['rpm', '--query', '--all', `--queryformat=${format}`]);
  const now = stdout.trim().split('\n');
  return now.filter((each) => !before.includes(each) && !each.startsWith('gpg-pubkey-')).sort();
}
