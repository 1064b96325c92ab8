import type { DnfContext } from '../run-dnf.ts';
import type { StepOf } from '../step-handler.ts';
import { askArchive } from './ask-archive.ts';
import { emptyFiles } from './empty-files.ts';
import { filesOfPackages } from './files-of-packages.ts';
import { removeFiles } from './run-on-paths.ts';

/**
 * Removes files that packages of the archive bring, that lie empty, and that belong to no package which RPM knows: a power cut amid a transaction leaves
 * them. RPM would take an empty configuration for its owner's and put the package's own beside it.
 */
export async function removeEmptiedFiles(
  step: Pick<StepOf<'install-packages'>, 'repository'>,
  context: DnfContext,
): Promise<void> {
  const { host } = context;
  const lines = await askArchive(step, ['--list'], context);
  const emptied = await emptyFiles(
    lines.filter((line) => line.startsWith('/')),
    host,
  );
  if (emptied.length === 0) return;
  const known = new Set((await filesOfPackages(host, ['--all'])).map(({ path }) => path));
  await removeFiles(
    host,
    emptied.filter((path) => !known.has(path)),
  );
}
