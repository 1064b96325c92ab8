import { draftPath } from '../../hosts/draft-path.ts';
import type { SystemChanges } from '../../plan/step-kinds.ts';
import { versionLocksPath } from '../leftovers/packages.ts';
import type { StepContext } from '../step-handler.ts';
import { notePaths } from './note-paths.ts';
import { notePackagesBefore } from './packages-before.ts';

/** What masking a unit leaves, see systemctl(1). */
const MASKED_SWAP = '/etc/systemd/system/swap.target';

/** Notes what a host is like in that which is about to be changed of it beyond files. */
export async function noteSystem(
  { users, kernelSettings }: SystemChanges,
  context: Pick<StepContext, 'host' | 'possessions'>,
): Promise<void> {
  const { host, possessions } = context;
  await notePackagesBefore(context);
  // What a killed Salt leaves of the list of holds.
  const draft = draftPath(await versionLocksPath(host));
  await notePaths([MASKED_SWAP, draft], context);
  for (const { name } of users) {
    const { exitCode } = await host.run(['getent', 'passwd', '--', name]);
    if (exitCode !== 0) await possessions.add([{ what: 'user', name }]);
  }
  for (const { name, value } of kernelSettings) {
    // One that is not there comes with a module, and goes with it.
    const { exitCode, stdout } = await host.run(['sysctl', '--values', name]);
    const before = stdout.trim();
    if (exitCode === 0 && before !== value) await possessions.add([{ what: 'kernel-setting', name, before }]);
  }
}
