import { randomInt } from 'node:crypto';
import { makeDisc } from '../support/cluster/bootstrap-disc.ts';
import { createNetwork } from '../support/hosts/network.ts';
import { differentAfter, leftAlone } from '../support/state/kill-ground.ts';
import { chooseKills, type WantedKills } from '../support/state/kill-plan.ts';

/**
 * Bootstrap is killed at every boundary between two steps, on one host, and at 200 instants chosen by chance, on ten; each host is to end as one that was
 * left alone. Ends with 1 when one does not, and says what differs. About two hours on two cores. With METALK8S_TEST_SEED the instants of that seed alone.
 */
const EVERY = Number.MAX_SAFE_INTEGER;
const ROUNDS = 10;
const INSTANTS = 20;
const { METALK8S_TEST_SEED: only } = process.env;

const disc = await makeDisc(say);
const network = await createNetwork({ report: say });
const ground = { disc, network, report: say };
try {
  const undisturbed = await leftAlone(ground);

  if (only === undefined) await round('every boundary', { boundaries: EVERY, instants: 0, seed: 0 });
  const seeds = only === undefined ? Array.from({ length: ROUNDS }, () => randomInt(2 ** 31)) : [Number(only)];
  for (const seed of seeds) await round(`instants, seed ${seed}`, { boundaries: 0, instants: INSTANTS, seed });

  async function round(name: string, wanted: WantedKills): Promise<void> {
    const kills = chooseKills(undisturbed.journal, wanted);
    say(`${name}: ${kills.length} kills`);
    const different = await differentAfter(kills, undisturbed, ground);
    for (const line of different) say(`${name}: ${line}`);
    say(`${name}: ${different.length === 0 ? 'the same' : 'different'}`);
    if (different.length > 0) process.exitCode = 1;
  }
} finally {
  await network.destroy();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
