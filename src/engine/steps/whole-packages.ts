import { RUNTIME_DIRECTORY } from '../../plan/reset-paths.ts';
import { nameAndArchitecture } from '../../plan/what-is-ours.ts';
import { installedPackages } from '../rpm-database.ts';
import { runDnf } from '../run-dnf.ts';
import type { StepContext, StepOf } from '../step-handler.ts';
import { askArchive } from './ask-archive.ts';
import { damagedPackages } from './damaged-packages.ts';
import { endGpgAgents } from './end-gpg-agents.ts';
import { lackingPackages } from './lacking-packages.ts';
import { plannedCommand } from './planned-command.ts';
import { removeEmptiedFiles } from './remove-emptied-files.ts';
import { removeFiles } from './run-on-paths.ts';

/** There once packages were seen to be whole since the host was started: below a folder that is empty after each start. */
export const SEEN_WHOLE = `${RUNTIME_DIRECTORY}/packages-whole`;

/**
 * Mends what a power cut amid a transaction leaves. RPM's database is on the disk before the files are: what was installed shortly before is there for
 * RPM, with empty files, and is installed anew; of what RPM does not know, empty files lie about, and go. Packages that a host had before us are not
 * looked at. Done once after each start of the host. Gives whether any was installed anew.
 */
export async function ensureWholePackages(step: StepOf<'install-packages'>, context: StepContext): Promise<boolean> {
  const { host, possessions } = context;
  if ((await host.files.look(SEEN_WHOLE)) !== undefined) return false;
  const before = possessions.list().find(({ what }) => what === 'packages-before');
  const mended = before?.what === 'packages-before' && (await mend(before.packages, step, context));
  await host.files.ensureDirectory({ path: RUNTIME_DIRECTORY, mode: 0o755, uid: 0, gid: 0 });
  await host.files.writeAtomic([{ path: SEEN_WHOLE, content: '', mode: 0o600, uid: 0, gid: 0 }]);
  return mended;
}

/** The plugin may lie damaged itself, and what is installed in the same version breaks no lock. */
const WITHOUT_LOCKS = '--disableplugin=versionlock';

async function mend(
  before: readonly string[],
  step: StepOf<'install-packages'>,
  context: StepContext,
): Promise<boolean> {
  const { host } = context;
  const installed = await installedPackages(host);
  const had = new Set(before.map(nameAndArchitecture));
  const damaged = await damagedPackages(
    installed.filter((each) => !had.has(nameAndArchitecture(each))),
    host,
  );
  const isWhole = (await lackingPackages(step, host)).length === 0;
  if (damaged.length === 0 && isWhole) return false;
  try {
    if (!isWhole) await removeEmptiedFiles(step, context);
    // What the host's owner has installed since is the owner's.
    const names = damaged.map(({ name }) => name);
    const brought = new Set(names.length === 0 ? [] : await askArchive(step, ['--', ...names], context));
    const ours = damaged.filter(({ name }) => brought.has(name));
    await removeFiles(
      host,
      ours.flatMap(({ emptied, compiled }) => [...emptied, ...compiled]),
    );
    const anew = ours.filter(({ files, emptied }) => files.length + emptied.length > 0);
    if (anew.length === 0) return false;
    const words = step.command.flatMap((word) => (word === 'install' ? ['reinstall', WITHOUT_LOCKS] : [word]));
    await runDnf(
      async () => plannedCommand([...words, ...anew.map(({ name }) => name)]),
      (why) => why,
      context,
    );
    return true;
  } finally {
    await endGpgAgents(host, step.repository);
  }
}
