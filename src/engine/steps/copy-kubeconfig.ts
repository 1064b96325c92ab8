import { posix } from 'node:path';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import { draftPath } from '../../hosts/draft-path.ts';
import type { Command } from '../../hosts/host.ts';
import { isKeptOut } from '../is-kept-out.ts';
import { PATIENCE, ranOutOfPatience } from '../patience.ts';
import { programFailure } from '../run-checked.ts';
import type { StepContext, StepHandler, StepOf, StepOutcome } from '../step-handler.ts';
import { isFormerCopy } from './is-former-copy.ts';
import { notePaths } from './note-paths.ts';

type CopyKubeconfig = StepOf<'copy-kubeconfig'>;

/**
 * Everything in somebody's home is done as that user: what they may not do, or what a link of theirs leads to, root does not do for them
 * either, and a home on a server that takes root for nobody works as well. A file that is there is kept, unless it is a copy as we made it
 * of this cluster or of one that had its address before, which has no use any more. Nobody waits for a home that is away.
 */
export const copyKubeconfig: StepHandler<'copy-kubeconfig'> = async (step, context) => {
  const { source, target, user } = step;
  const content = await context.host.files.read(source);
  if (content === undefined) throw noSource(source);
  try {
    return await copy(content, step, context);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    const home = posix.dirname(posix.dirname(target));
    context.report.warning(
      `the home folder ${home} of ${user} does not answer, so no kubeconfig there; ${source} has it`,
    );
    return { changed: false };
  }
};

/** Of the file system of a home. */
class NoAnswer extends Error {}

async function copy(content: string, step: CopyKubeconfig, context: StepContext): Promise<StepOutcome> {
  const { report } = context;
  const { source, target } = step;
  const as = asUser(step, context);
  const folder = posix.dirname(target);
  const draft = draftPath(target);

  if (!(await as.succeeds(['test', '-d', posix.dirname(folder)]))) {
    report.warning(
      `${step.user} has no home folder ${posix.dirname(folder)}, so no kubeconfig there; ${source} has it`,
    );
    return { changed: false };
  }
  const present = (await as.succeeds(['test', '-f', target]))
    ? (await as.run(['cat', '--', target])).stdout
    : undefined;
  if (present === content) {
    // A run that was killed after the last effect may have left it.
    await as.run(['rm', '--force', '--', draft]);
    return { changed: false };
  }
  const isOther =
    present === undefined
      ? // A link that leads nowhere, to a disk that is not there today say, is somebody's all the same.
        await as.succeeds(['test', '-e', target, '-o', '-L', target])
      : !isFormerCopy(present, content);
  if (isOther) {
    report.warning(
      `${target} is there already and was left as it is; for this cluster: kubectl --kubeconfig ${source}`,
    );
    return { changed: false };
  }

  // A kill leaves the draft, which holds the key: it goes with a reset as well.
  await notePaths([target, draft], context).catch((error) => {
    // Then reset, which is root as well, leaves it to its owner.
    if (!isKeptOut(error)) throw error;
  });
  await as.run(['mkdir', '--parents', '--mode=0700', '--', folder]);
  // Nobody else can read it at any moment: it is empty until it has its mode.
  await as.run(['install', '--mode=0600', '-T', '--', '/dev/null', draft]);
  try {
    await as.run(['dd', `of=${draft}`, 'status=none', 'conv=nocreat,fsync', 'oflag=nofollow'], content);
    // Unlike a renaming, a link does not replace what somebody has put there meanwhile.
    if (present === undefined) await as.run(['ln', '-T', '--', draft, target]);
    else await as.run(['mv', '--force', '-T', '--', draft, target]);
  } finally {
    // It holds the key, also where it did not get its name.
    await as.succeeds(['rm', '--force', '--', draft]);
  }
  return { changed: true };
}

function asUser({ user, group, target }: CopyKubeconfig, { host }: Pick<StepContext, 'host'>) {
  const become = [...PATIENCE, 'runuser', '--user', user, '--group', group, '--'] as const;
  const command = (words: Command): Command => [...become, ...words];
  const attempt = async (words: Command, input?: string) => {
    const result = await host.run(command(words), input === undefined ? {} : { input });
    if (ranOutOfPatience(result.exitCode)) throw new NoAnswer(target);
    return result;
  };
  return {
    async succeeds(words: Command): Promise<boolean> {
      return (await attempt(words)).exitCode === 0;
    },
    async run(words: Command, input?: string) {
      const result = await attempt(words, input);
      if (result.exitCode === 0) return result;
      throw programFailure(command(words), result, {
        message: `${user} cannot be given a kubeconfig`,
        hint: `See to it that ${user} may write ${target}, then run again.`,
      });
    },
  };
}

function noSource(source: string): MetalK8sError {
  return new MetalK8sError('STEP_FAILED', 'the kubeconfig that is to be copied is missing', {
    where: source,
    hint: 'Run again: it is made by an earlier step.',
  });
}
