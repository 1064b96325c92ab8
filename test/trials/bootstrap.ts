import { randomInt } from 'node:crypto';
import { leftBehind, stateOfBareHost } from '../support/cluster/bare-host.ts';
import { makeDisc } from '../support/cluster/bootstrap-disc.ts';
import type { TestHost } from '../support/hosts/host.ts';
import { createNetwork } from '../support/hosts/network.ts';
import { readNetworks } from '../support/hosts/records.ts';
import {
  bootstrapAlone,
  differentAfter,
  type KillGround,
  onHost,
  type Undisturbed,
} from '../support/state/kill-ground.ts';
import { chances, chooseKills, type Kill, type WantedKills } from '../support/state/kill-plan.ts';
import { killName, killRun } from '../support/state/kill-run.ts';
import { resetThroughBoundaries, resetThroughInstants } from '../support/state/reset-through-kills.ts';

/**
 * Bootstrap is killed at every boundary between two steps and within each stage, on one host; at 200 instants chosen by chance, on ten; and told to stop, left
 * without its terminal and without power, on two more. Each is to end as a host that was left alone. Then reset is killed after each of its steps
 * and within them, on hosts that are done and on some that were killed half-way, and is to leave nothing behind. Ends with 1 when something
 * is otherwise, and says what. About an hour on two cores. With METALK8S_TEST_SEED what that seed chooses alone.
 */
const EVERY = Number.MAX_SAFE_INTEGER;
const ROUNDS = 10;
const INSTANTS = 20;
const OTHERS = Array.from(
  { length: 5 },
  () => ['SIGTERM', 'SIGINT twice', 'lost terminal', 'power cut'] as const,
).flat();
const OTHER_ROUNDS = 2;
/** How many hosts that are half-way are reset, and how often each reset is killed. */
const HALF_WAY = 10;
const RESET_KILLS = 5;
const { METALK8S_TEST_SEED: only } = process.env;
const first = only === undefined ? randomInt(2 ** 31) : Number(only);

/** A chain of kills waits half of the time, so two of them are under way on two cores. */
const CHAINS = 2;

interface Round {
  readonly name: string;
  readonly wanted: WantedKills;
}

const disc = await makeDisc(say);
const grounds: KillGround[] = [];
try {
  for (let chain = 1; chain <= CHAINS; chain++) {
    const report = (line: string) => say(`${chain}: ${line}`);
    grounds.push({ disc, network: await createNetwork({ report }), report });
  }
  const waiting = [...rounds()];
  const [undisturbed] = await Promise.all(grounds.map((ground) => chainOf(ground, waiting)));
  for (const { network } of grounds.splice(1)) await network.destroy();
  const [ground] = grounds;
  if (ground !== undefined && undisturbed !== undefined) await resets(ground, undisturbed, chances(first));
} finally {
  for (const { network } of grounds) await network.destroy();
}

function* rounds(): Iterable<Round> {
  if (only === undefined)
    yield { name: 'every boundary', wanted: { boundaries: EVERY, instants: 0, eachStage: true, seed: first } };
  for (const seed of seeds(ROUNDS))
    yield { name: `instants, seed ${seed}`, wanted: { boundaries: 0, instants: INSTANTS, seed } };
  for (const seed of seeds(OTHER_ROUNDS))
    yield { name: `other ends, seed ${seed}`, wanted: { boundaries: 0, instants: 0, others: OTHERS, seed } };
}

/** Takes rounds for as long as there are some, each on a host of its own; gives what the host is that was left alone. */
async function chainOf(ground: KillGround, waiting: Round[]): Promise<Undisturbed> {
  const undisturbed = await onHost(ground, bootstrapAlone);
  for (let round = waiting.shift(); round !== undefined; round = waiting.shift()) {
    const kills = chooseKills(undisturbed, round.wanted);
    ground.report(`${round.name}: ${kills.length} kills`);
    judge(round.name, await differentAfter(kills, undisturbed, ground));
  }
  return undisturbed;
}

/** One host is enough, as each reset makes it what it was. */
async function resets(ground: KillGround, undisturbed: Undisturbed, chance: () => number): Promise<void> {
  const alone = (await readNetworks()).length === 1;
  if (!alone) say('other hosts are there: what a reset does to settings of the whole machine is not compared');
  await onHost(ground, async (host) => {
    const untouched = await stateOfBareHost(host);
    const bare = async (name: string) => judge(name, leftBehind(untouched, await stateOfBareHost(host), { alone }));

    await bootstrapAlone(host);
    const steps = await resetThroughBoundaries(host, say);
    await bare(`reset killed after each of ${steps.length} steps`);
    await bootstrapAlone(host);
    await resetThroughInstants(host, { times: RESET_KILLS, chance }, say);
    await bare('reset killed within steps');

    const half = chooseKills(undisturbed, { boundaries: HALF_WAY / 2, instants: HALF_WAY / 2, seed: first });
    for (const kill of half) {
      await killBootstrap(host, kill);
      await resetThroughInstants(host, { times: 1, chance }, say);
      await bare(`reset after ${killName(kill)}`);
    }
  });
}

async function killBootstrap(host: TestHost, kill: Kill): Promise<void> {
  const { exitCode, hit, output } = await killRun(host, kill, ['bootstrap']);
  if (!hit || exitCode !== null) throw new Error(`${killName(kill)}: ended with ${exitCode}\n${output}`);
}

/** The one that was asked for, or so many by chance. */
function seeds(count: number): readonly number[] {
  return only === undefined ? Array.from({ length: count }, () => randomInt(2 ** 31)) : [first];
}

function judge(name: string, different: readonly string[]): void {
  for (const line of different) say(`${name}: ${line}`);
  say(`${name}: ${different.length === 0 ? 'the same' : 'different'}`);
  if (different.length > 0) process.exitCode = 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
