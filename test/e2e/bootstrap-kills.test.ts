import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDisc } from '../support/cluster/bootstrap-disc.ts';
import { createNetwork } from '../support/hosts/network.ts';
import { differentAfter, type KillGround, leftAlone, type Undisturbed } from '../support/state/kill-ground.ts';
import { chooseKills } from '../support/state/kill-plan.ts';

/**
 * Whatever ends a bootstrap, and whenever, the next one goes on to the same end. Each start takes seconds to come where the last one was ended, so that moments
 * are chosen by chance here; `npm run trials -- bootstrap` takes every boundary between steps, and 200 instants.
 */
const report = (line: string) => void process.stderr.write(`${line}\n`);

/** The same seed ends it at the same moments. */
const seed = Number(process.env.METALK8S_TEST_SEED ?? randomInt(2 ** 31));
const BOUNDARIES = 10;
const INSTANTS = 6;
const LIMIT_MS = 1_800_000;

let ground: KillGround;
let undisturbed: Undisturbed;

beforeAll(async () => {
  ground = { disc: await makeDisc(report), network: await createNetwork({ report }), report };
});

afterAll(() => ground?.network.destroy());

test(
  'a bootstrap that is left alone',
  async () => {
    undisturbed = await leftAlone(ground);
    expect(undisturbed.journal.at(-1)).toMatchObject({ what: 'run-ended', outcome: 'done' });
  },
  LIMIT_MS,
);

test(
  `one that is killed between steps and within them, told to stop, and left without its terminal ends alike (METALK8S_TEST_SEED=${seed})`,
  async () => {
    const wanted = { boundaries: BOUNDARIES, instants: INSTANTS, others: ['SIGTERM', 'lost terminal'], seed } as const;
    const kills = chooseKills(undisturbed.journal, wanted);
    expect(kills).toHaveLength(BOUNDARIES + INSTANTS + 2);
    expect(await differentAfter(kills, undisturbed, ground)).toEqual([]);
  },
  LIMIT_MS,
);
