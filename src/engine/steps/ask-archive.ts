import type { Host } from '../../hosts/host.ts';
import type { StepOf } from '../step-handler.ts';
import { runChecked } from './run-checked.ts';

/**
 * Asks dnf about the packages of a step's repository alone, by words of `dnf repoquery`, without plugins: versionlock ends dnf where the plugin's own
 * configuration lies empty. Gives the lines of its answer.
 */
export async function askArchive(
  host: Host,
  { repository }: Pick<StepOf<'install-packages'>, 'repository'>,
  words: readonly string[],
): Promise<readonly string[]> {
  // A power cut may have taken the key from dnf's cache as well: it takes it from our file anew, where it need not ask.
  const asking = ['--assumeyes', '--quiet', '--noplugins', '--disablerepo=*', `--enablerepo=${repository}`];
  const { stdout } = await runChecked(host, ['dnf', 'repoquery', ...asking, ...words], {
    message: 'dnf cannot tell what the archive has, to mend what a power cut has left of its packages',
    hint: 'Mend what dnf says, then run again.',
  });
  return stdout.split('\n').filter((line) => line !== '');
}
