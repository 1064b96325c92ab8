import { EXIT_ON_LOCK } from '../../packages/dnf-options.ts';
import { askDnf, type DnfContext } from '../run-dnf.ts';
import type { StepOf } from '../step-handler.ts';

/**
 * Asks dnf about the packages of a step's repository alone, by words of `dnf repoquery`, without plugins: versionlock ends dnf where the plugin's own
 * configuration lies empty. Gives the lines of its answer.
 */
export function askArchive(
  { repository }: Pick<StepOf<'install-packages'>, 'repository'>,
  words: readonly string[],
  context: DnfContext,
): Promise<readonly string[]> {
  // A power cut may have taken the key from dnf's cache as well: it takes it from our file anew, where it need not ask.
  const asking = [
    '--assumeyes',
    '--quiet',
    '--noplugins',
    EXIT_ON_LOCK,
    '--disablerepo=*',
    `--enablerepo=${repository}`,
  ];
  return askDnf(
    ['dnf', 'repoquery', ...asking, ...words],
    {
      message: 'dnf cannot tell what the archive has, to mend what a power cut has left of its packages',
      hint: 'Mend what dnf says, then run again.',
    },
    context,
  );
}
