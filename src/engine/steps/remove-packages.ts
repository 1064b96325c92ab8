import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { Host } from '../../hosts/host.ts';
import { lastLines } from '../../hosts/last-lines.ts';
import type { StepHandler } from '../step-handler.ts';
import { runChecked } from './run-checked.ts';

/**
 * By dnf, which keeps a record of it. rpm is asked before whether anything else requires them, since dnf would remove that as well. Configuration
 * goes first, which rpm would keep under another name where it was changed.
 */
export const removePackages: StepHandler<'remove-packages'> = async ({ packages }, { host, report }) => {
  const installed = await installedOf(host, packages);
  if (installed.length === 0) return { changed: false };
  await refuseIfRequired(host, installed);
  const { stdout } = await runChecked(host, ['rpm', '--query', '--configfiles', '--', ...installed], {
    message: 'rpm cannot tell the configuration files of packages',
    hint: 'Mend the package manager, then run again.',
  });
  for (const path of stdout.split('\n').filter((line) => line.startsWith('/'))) await host.files.remove(path);
  await runChecked(
    host,
    [
      'dnf',
      'remove',
      '--assumeyes',
      '--disablerepo=*',
      '--setopt=clean_requirements_on_remove=False',
      '--setopt=protected_packages=',
      '--',
      ...installed,
    ],
    { message: 'dnf cannot remove the packages', hint: 'Mend what it says, then run again.' },
    { onLine: (line) => report.output(line) },
  );
  return { changed: true };
};

async function installedOf(host: Host, packages: readonly string[]): Promise<readonly string[]> {
  const format = '%{NAME}-%{EPOCHNUM}:%{VERSION}-%{RELEASE}.%{ARCH}\\n';
  const { stdout } = await runChecked(host, ['rpm', '--query', '--all', '--queryformat', format], {
    message: 'rpm cannot tell which packages are installed',
    hint: 'Mend the package manager, then run again.',
  });
  const all = new Set(stdout.split('\n'));
  return packages.filter((each) => all.has(each));
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
