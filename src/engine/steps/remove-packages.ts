import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { Host } from '../../hosts/host.ts';
import { lastLines } from '../../hosts/last-lines.ts';
import { EXIT_ON_LOCK } from '../../packages/dnf-options.ts';
import { KEEPS_REQUIREMENTS } from '../leftovers/processes.ts';
import { installedPackages } from '../rpm-database.ts';
import { runChecked } from '../run-checked.ts';
import { runDnf } from '../run-dnf.ts';
import type { StepContext, StepHandler } from '../step-handler.ts';
import { noteFiles } from './note-files.ts';
import { notePaths } from './note-paths.ts';
import { isOfNewPackage } from './packages-before.ts';

const REMOVE = [
  'dnf',
  'remove',
  '--assumeyes',
  '--noplugins',
  '--disablerepo=*',
  EXIT_ON_LOCK,
  KEEPS_REQUIREMENTS,
  '--setopt=protected_packages=',
] as const;

/**
 * By dnf, which keeps a record of it, without the plugins that may go with the packages. rpm is asked before whether anything else requires
 * them, since dnf would remove that as well. Configuration that was changed stays under another name, and goes afterwards.
 */
export const removePackages: StepHandler<'remove-packages'> = async ({ packages }, context) => {
  const { host } = context;
  const present = new Set(await installedPackages(host));
  const installed = packages.filter((each) => present.has(each));
  if (installed.length === 0) return { changed: false };
  await refuseIfRequired(host, installed);
  const configuration = await configurationOf(host, installed);
  await noteOwnersFiles(configuration, context);
  const saved = configuration.map((path) => `${path}.rpmsave`);
  await notePaths(saved, context);
  const beside = await laidBeside(configuration, context);
  await context.possessions.add(beside.map((path) => ({ what: 'path', path })));
  await runDnf(
    async () => [...REMOVE, '--', ...installed],
    () => ({ message: 'dnf cannot remove the packages', hint: 'Mend what it says, then run again.' }),
    context,
  );
  const ours = new Set(context.possessions.list().flatMap((each) => (each.what === 'path' ? [each.path] : [])));
  for (const path of [...saved, ...beside].filter((each) => ours.has(each))) await host.files.remove(path);
  return { changed: true };
};

/** rpm renames what its owner has made of a configuration file: that is kept before, to be put back. */
async function noteOwnersFiles(configuration: readonly string[], context: StepContext): Promise<void> {
  const noted = context.possessions.list().flatMap((each) => (each.what === 'file' ? [each] : []));
  const files = noted.filter(({ path }) => configuration.includes(path));
  await noteFiles(
    files.map(({ path, ours }) => ({ path, sha256: ours })),
    context,
  );
}

/** What rpm has laid beside files of the host's owner when it installed a package that we brought. */
async function laidBeside(configuration: readonly string[], context: StepContext): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of configuration) {
    const beside = `${path}.rpmnew`;
    const sha256 = await context.host.files.sha256(beside);
    if (sha256 !== undefined && (await isOfNewPackage({ path, sha256 }, context))) found.push(beside);
  }
  return found;
}

/** Files that rpm would not remove where they were changed. */
async function configurationOf(host: Host, packages: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await runChecked(host, ['rpm', '--query', '--configfiles', '--', ...packages], {
    message: 'rpm cannot tell the configuration files of packages',
    hint: 'Mend the package manager, then run again.',
  });
  return stdout.split('\n').filter((line) => line.startsWith('/'));
}

async function refuseIfRequired(host: Host, packages: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await host.run(['rpm', '--erase', '--test', '--', ...packages]);
  if (exitCode === 0) return;
  throw new MetalK8sError('STEP_FAILED', 'Other packages require what is to be removed', {
    where: host.name,
    hint: 'Remove those first, or install what they require from where they come, then run again.',
    cause: new Error(lastLines(stderr, 20)),
  });
}
