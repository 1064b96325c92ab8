import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDisc } from '../support/cluster/bootstrap-disc.ts';
import { createNetwork } from '../support/hosts/network.ts';
import { captureState } from '../support/state/capture-state.ts';
import { compareStates } from '../support/state/compare-states.ts';
import {
  bootstrapAlone,
  differentAfter,
  type KillGround,
  onHost,
  type Undisturbed,
} from '../support/state/kill-ground.ts';
import { chooseKills } from '../support/state/kill-plan.ts';
import { plantDifferences, plantedAndNotFound } from '../support/state/planted-differences.ts';

/**
 * Whatever ends a bootstrap, and whenever, the next one goes on to the same end. Each start takes seconds to come where the last one was ended, so that moments
 * are chosen by chance here; `npm run trials -- bootstrap` takes every boundary between steps, and 200 instants.
 */
const report = (line: string) => void process.stderr.write(`${line}\n`);

/** The same seed takes the same boundaries; instants lie where steps were when the host was left alone. What was chosen is reported. */
const seed = Number(process.env.METALK8S_TEST_SEED ?? randomInt(2 ** 31));
const BOUNDARIES = 6;
const INSTANTS = 4;
const OTHERS = ['SIGTERM', 'SIGINT twice', 'lost terminal', 'power cut'] as const;
const LIMIT_MS = 1_800_000;

let ground: KillGround;
let undisturbed: Undisturbed;

beforeAll(async () => {
  ground = { disc: await makeDisc(report), network: await createNetwork({ report }), report };
});

afterAll(() => ground?.network.destroy());

test(
  'what is planted on a node is found by the comparison, each by its name',
  async () => {
    const lines = await onHost(ground, async (host) => {
      undisturbed = await bootstrapAlone(host);
      await plantDifferences(host);
      return compareStates(undisturbed.state, await captureState(host));
    });
    expect(undisturbed.journal.at(-1)).toMatchObject({ what: 'run-ended', outcome: 'done' });
    expect(plantedAndNotFound(lines), lines.join('\n')).toEqual([]);
  },
  LIMIT_MS,
);

test(
  `one that is killed between steps and within them, told to stop, and left without terminal and power ends alike (METALK8S_TEST_SEED=${seed})`,
  async () => {
    const kills = chooseKills(undisturbed, { boundaries: BOUNDARIES, instants: INSTANTS, others: OTHERS, seed });
    expect(kills).toHaveLength(BOUNDARIES + INSTANTS + OTHERS.length);
    expect(await differentAfter(kills, undisturbed, ground)).toEqual([]);
  },
  LIMIT_MS,
);
