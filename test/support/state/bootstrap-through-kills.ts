import { metalk8s, mountDisc } from '../cluster/bootstrap-ground.ts';
import type { TestHost } from '../hosts/host.ts';
import type { Blow, Kill } from './kill-plan.ts';
import { type Killed, killName, killRun } from './kill-run.ts';

const INTERRUPTED = 130;
const LIMIT_MS = 1_200_000;

/**
 * Bootstraps a host, ended at each of these moments and started again, and at last to its end. Moments come in the order of the stages: each start
 * goes through what is done already, and some way further. Throws when a start ends otherwise than by its blow, when one that could still say
 * something does not say how to go on, or when the last one fails.
 */
export async function bootstrapThroughKills(
  host: TestHost,
  kills: readonly Kill[],
  report: (line: string) => void,
): Promise<void> {
  for (const kill of kills) {
    const killed = await killRun(host, kill, ['bootstrap']);
    report(`${killName(kill)}: ended with ${killed.exitCode ?? 'its life'}; the journal says ${killed.last}`);
    if (kill.by === 'power cut') await cutPower(host);
    const fault = faultOf(kill, killed);
    if (fault !== undefined) throw new Error(`${killName(kill)}: ${fault}\n${killed.output}`);
  }
  const { exitCode, stderr } = await metalk8s(host, ['bootstrap'], { timeoutMs: LIMIT_MS });
  if (exitCode !== 0) throw new Error(`after all kills, bootstrap ends with ${exitCode}\n${stderr}`);
}

async function cutPower(host: TestHost): Promise<void> {
  await host.powerOff();
  await host.start();
  // Where fuseiso keeps what it has mounted: of what it could not unmount it would have two notes.
  await host.run(['rm', '--force', '/root/.mtab.fuseiso']);
  await mountDisc(host);
}

/** How a run that ends by a blow ends, and what it leaves word of. */
const EXPECTED: Readonly<
  Record<Blow, { readonly exitCode: number | null; readonly says?: RegExp; readonly last?: RegExp }>
> = {
  SIGKILL: { exitCode: null },
  'power cut': { exitCode: null },
  SIGTERM: { exitCode: INTERRUPTED, says: /^Resume: /m, last: /"outcome":"interrupted"/ },
  // Whoever leaves at once does not wait for the journal.
  'SIGINT twice': { exitCode: INTERRUPTED, says: /^Resume: /m },
  // Nobody is there to be told.
  'lost terminal': { exitCode: INTERRUPTED, last: /"outcome":"interrupted"/ },
};

/** Undefined: it ended as it should. */
function faultOf({ by = 'SIGKILL', mayBeOver = false }: Kill, killed: Killed): string | undefined {
  const { exitCode, says, last } = EXPECTED[by];
  if (!killed.hit) return `ended with ${killed.exitCode} before its moment came`;
  if (mayBeOver && killed.exitCode === 0) return undefined;
  if (killed.exitCode !== exitCode) return `ended with ${killed.exitCode}`;
  if (says !== undefined && !says.test(killed.output)) return 'does not say how to go on';
  if (last !== undefined && !last.test(killed.last ?? '')) return `the journal says ${killed.last}`;
  return undefined;
}
