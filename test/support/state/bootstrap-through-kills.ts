import { metalk8s } from '../cluster/bootstrap-ground.ts';
import type { TestHost } from '../hosts/host.ts';
import { killBootstrap } from './kill-bootstrap.ts';
import type { Kill } from './kill-plan.ts';

const INTERRUPTED = 130;

/**
 * Bootstraps a host, ended at each of these moments and started again, and at last to its end. Moments come in the order of the steps: each start goes
 * through what is done already, and some way further. Throws when a start ends otherwise than by its blow, when one that could still say
 * something does not say how to go on, or when the last one fails.
 */
export async function bootstrapThroughKills(
  host: TestHost,
  kills: readonly Kill[],
  report: (line: string) => void,
): Promise<void> {
  for (const kill of kills) {
    const name = `${kill.by ?? 'SIGKILL'} ${kill.afterMs} ms after ${kill.line} of ${kill.step}`;
    const { hit, exitCode, last, output } = await killBootstrap(host, kill);
    report(`${name}: ended with ${exitCode ?? 'its life'}; the journal says ${last}`);
    const expected = kill.by === undefined || kill.by === 'SIGKILL' ? null : INTERRUPTED;
    if (!hit || exitCode !== expected) throw new Error(`${name}: ended with ${exitCode}, hit: ${hit}\n${output}`);
    if (kill.by === 'SIGTERM' && !/^Resume: /m.test(output))
      throw new Error(`${name}: does not say how to go on\n${output}`);
    if (expected !== null && !last?.includes('"outcome":"interrupted"'))
      throw new Error(`${name}: the journal says ${last}`);
  }
  const { exitCode, stderr } = await metalk8s(host, ['bootstrap'], { timeoutMs: 1_200_000 });
  if (exitCode !== 0) throw new Error(`after all kills, bootstrap ends with ${exitCode}\n${stderr}`);
}
