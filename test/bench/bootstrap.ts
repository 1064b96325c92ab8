import { loadavg } from 'node:os';
import { type BootstrapTimes, bootstrapTimes } from '../support/bench/bootstrap-times.ts';
import { dnfSeconds } from '../support/bench/dnf-seconds.ts';
import { type KubeadmTimes, kubeadmTimes } from '../support/bench/kubeadm-times.ts';
import { median } from '../support/bench/median.ts';
import { makeDisc } from '../support/cluster/bootstrap-disc.ts';
import { addBootstrapHost } from '../support/cluster/bootstrap-ground.ts';
import { createNetwork } from '../support/hosts/network.ts';
import { testRelease } from '../support/release/release.ts';

/**
 * `bootstrap` from the disc beside what people do by hand, on equal hosts, one after the other: `kubeadm init` with the same network plugin and
 * its images imported and unpacked beforehand, `dnf install` of the same packages in one transaction, `openssl dgst` of the disc. Times of
 * images that bootstrap pulls from its own registry are told apart. All of it in several rounds, as machines are noisy.
 */
const ROUNDS = 3;
const GOAL = 1.5;
const UNPULLED = '  the same without pulls';

interface Round {
  readonly ours: BootstrapTimes;
  readonly dnf: number;
  readonly kubeadm: KubeadmTimes;
}

const disc = await makeDisc(() => {});
const release = await testRelease({}, () => {});
const network = await createNetwork();
try {
  const [busy = 0] = loadavg();
  if (busy > 0.5) say(`others are at work here (load ${busy.toFixed(1)}): all figures are worse than they could be`);
  const rounds: Round[] = [];
  for (let number = 1; number <= ROUNDS; number++) {
    process.stderr.write(`round ${number} of ${ROUNDS}\n`);
    rounds.push(await measure(number === ROUNDS ? say : () => {}));
  }
  tell(rounds);
} finally {
  await network.destroy();
}

/** One host at a time, so that each has the whole machine. */
async function measure(tellSteps: (line: string) => void): Promise<Round> {
  const ours = await alone(async () =>
    bootstrapTimes(await addBootstrapHost(network, disc, { name: 'bootstrap' }), tellSteps),
  );
  const dnf = await alone(async () =>
    dnfSeconds(await addBootstrapHost(network, disc, { name: 'dnf' }), ours.installed),
  );
  return { ours, dnf, kubeadm: await alone(() => kubeadmTimes(network, 'kubeadm', release)) };
}

async function alone<Value>(act: () => Promise<Value>): Promise<Value> {
  const value = await act();
  for (const host of network.hosts()) await host.destroy();
  return value;
}

function tell(rounds: readonly Round[]): void {
  say('');
  say(`medians of ${rounds.length} rounds`);
  row('', 'bootstrap', 'by hand', 'ratio', 'from – to');
  const compare = (name: string, times: (round: Round) => readonly [ours: number, byHand: number]): number => {
    const pairs = rounds.map(times);
    const ratios = pairs.map(([one, other]) => one / other);
    const ratio = median(ratios);
    const medians = [0, 1].map((side) => `${median(pairs.map((pair) => pair[side] ?? Number.NaN)).toFixed(2)} s`);
    const range = `${Math.min(...ratios).toFixed(2)} – ${Math.max(...ratios).toFixed(2)}`;
    row(name, ...medians, ratio.toFixed(2), range);
    return ratio;
  };
  compare('the disc verified, beside openssl dgst', ({ ours }) => [ours.verification, ours.openssl]);
  compare(`${rounds[0]?.ours.installed.length} packages, beside one dnf install`, ({ ours, dnf }) => [
    ours.packages,
    dnf,
  ]);
  compare('control plane healthy, beside kubeadm init', ({ ours, kubeadm }) => [ours.healthy, kubeadm.healthy]);
  const goal = compare(UNPULLED, ({ ours, kubeadm }) => [ours.healthy - ours.pulledHealthy, kubeadm.healthy]);
  compare('all pods ready, beside kubeadm and Calico', ({ ours, kubeadm }) => [ours.ready, kubeadm.ready]);
  compare(UNPULLED, ({ ours, kubeadm }) => [ours.ready - ours.pulledReady, kubeadm.ready]);
  say(`bootstrap from start to end: ${median(rounds.map(({ ours }) => ours.whole)).toFixed(1)} s`);
  say(`goal: control plane healthy in at most ${GOAL} times kubeadm's time: ${goal <= GOAL ? 'met' : 'MISSED'}`);
  if (goal > GOAL) process.exitCode = 1;
}

function row(name: string, ...cells: readonly string[]): void {
  say(`${name.padEnd(44)} ${cells.map((cell) => cell.padStart(11)).join(' ')}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
