import type { BootstrapDisc } from '../cluster/bootstrap-disc.ts';
import { addBootstrapHost, metalk8s } from '../cluster/bootstrap-ground.ts';
import type { TestHost } from '../hosts/host.ts';
import type { TestNetwork } from '../hosts/network.ts';
import { bootstrapThroughKills } from './bootstrap-through-kills.ts';
import { captureState } from './capture-state.ts';
import { compareStates } from './compare-states.ts';
import type { HostState } from './host-state.ts';
import type { Kill, TimedRun } from './kill-plan.ts';
import { runJournal } from './run-journal.ts';

/** Where bootstraps are killed: hosts come one after the other, and have the same name and address. */
export interface KillGround {
  readonly network: TestNetwork;
  readonly disc: BootstrapDisc;
  readonly report: (line: string) => void;
}

/** A bootstrap that was left alone: what there was at its end, and when its steps were. */
export interface Undisturbed extends TimedRun {
  readonly state: HostState;
}

/** Gives a new host to work, and takes it away after that, whatever happens. */
export async function onHost<Value>(
  { network, disc }: Pick<KillGround, 'network' | 'disc'>,
  work: (host: TestHost) => Promise<Value>,
): Promise<Value> {
  const host = await addBootstrapHost(network, disc, { name: 'cp1' });
  try {
    // What its owner did before is on the disk when the power goes.
    await host.run(['sync']);
    return await work(host);
  } finally {
    await host.destroy();
  }
}

/** Bootstraps a host that nobody disturbs. Throws when that fails. */
export async function bootstrapAlone(host: TestHost): Promise<Undisturbed> {
  const startedAt = Date.now();
  const { exitCode, stderr } = await metalk8s(host, ['bootstrap'], { timeoutMs: 1_200_000 });
  if (exitCode !== 0) throw new Error(`bootstrap ends with ${exitCode}\n${stderr}`);
  return { startedAt, journal: await runJournal(host), state: await captureState(host) };
}

/** Bootstraps a host through these kills; gives what is otherwise than on the one that was left alone, a line each. Throws as `bootstrapThroughKills` does. */
export function differentAfter(
  kills: readonly Kill[],
  { state }: Pick<Undisturbed, 'state'>,
  ground: KillGround,
): Promise<readonly string[]> {
  return onHost(ground, async (host) => {
    await bootstrapThroughKills(host, kills, ground.report);
    return compareStates(state, await captureState(host));
  });
}
