import { randomInt } from 'node:crypto';
import { makeDisc } from '../support/cluster/bootstrap-disc.ts';
import { addBootstrapHost, metalk8s } from '../support/cluster/bootstrap-ground.ts';
import type { TestHost } from '../support/hosts/host.ts';
import { createNetwork } from '../support/hosts/network.ts';
import { bootstrapThroughKills } from '../support/state/bootstrap-through-kills.ts';
import { captureState } from '../support/state/capture-state.ts';
import { compareStates } from '../support/state/compare-states.ts';
import { chooseKills, type WantedKills } from '../support/state/kill-plan.ts';
import { runJournal } from '../support/state/run-journal.ts';

/**
 * Bootstrap is killed at every boundary between two steps, on one host, and at 200 instants chosen by chance, on ten; each host is to end as one that was
 * left alone. Ends with 1 when one does not, and says what differs. About two hours on two cores.
 */
const EVERY = 1000;
const ROUNDS = 10;
const INSTANTS = 20;
const NODE = 'node1';

const disc = await makeDisc(say);
const network = await createNetwork({ report: say });
try {
  const first = await addBootstrapHost(network, disc, { name: NODE });
  const { exitCode, stderr } = await metalk8s(first, ['bootstrap'], { timeoutMs: 1_200_000 });
  if (exitCode !== 0) throw new Error(stderr);
  const [expected, journal] = [await captureState(first), await runJournal(first)];
  await first.destroy();

  await round('every boundary', { boundaries: EVERY, instants: 0, seed: 0 });
  for (let number = 1; number <= ROUNDS; number++) {
    const seed = randomInt(2 ** 31);
    await round(`instants, seed ${seed}`, { boundaries: 0, instants: INSTANTS, seed });
  }

  async function round(name: string, wanted: WantedKills): Promise<void> {
    const kills = chooseKills(journal, wanted);
    say(`${name}: ${kills.length} kills`);
    const host: TestHost = await addBootstrapHost(network, disc, { name: NODE });
    await bootstrapThroughKills(host, kills, say);
    const different = compareStates(expected, await captureState(host));
    for (const line of different) say(`${name}: ${line}`);
    if (different.length > 0) process.exitCode = 1;
    await host.destroy();
  }
} finally {
  await network.destroy();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
