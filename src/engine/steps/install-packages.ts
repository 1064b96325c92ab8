import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import { runDnf } from '../run-dnf.ts';
import type { StepHandler } from '../step-handler.ts';
import { endGpgAgents } from './end-gpg-agents.ts';
import { lackingPackages } from './lacking-packages.ts';
import { notePackagesBefore } from './packages-before.ts';
import { plannedCommand } from './planned-command.ts';
import { ensureWholePackages } from './whole-packages.ts';

/**
 * dnf is told of what lacks, and of nothing that is there: a name that the owner keeps from dnf makes it fail, also where the package is installed.
 * What a transaction that failed or was cut off has left without something that it requires gets that as well; dnf alone would take it for
 * installed.
 */
export const installPackages: StepHandler<'install-packages'> = async (step, context) => {
  const { host } = context;
  const mended = await ensureWholePackages(step, context);
  let first: readonly string[] | undefined = await lackingPackages(step, host);
  if (first.length === 0) return { changed: mended };
  await notePackagesBefore(context);
  try {
    const commandOf = async () => {
      const words = first ?? (await lackingPackages(step, host));
      first = undefined;
      // A dnf that a killed run has left may have installed all, while it was waited for.
      return words.length === 0 ? undefined : plannedCommand([...step.command, ...words]);
    };
    await runDnf(commandOf, (why) => why, context);
  } finally {
    await endGpgAgents(host, step.repository);
  }
  const still = await lackingPackages(step, host);
  if (still.length === 0) return { changed: true };
  throw new MetalK8sError('STEP_FAILED', `dnf ended well, and these are not installed: ${still.join(', ')}`, {
    where: step.command.join(' '),
    hint: 'See /var/log/dnf.log on the host.',
  });
};
