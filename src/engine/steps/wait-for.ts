import type { Condition } from '../../plan/step-kinds.ts';
import type { StepContext, StepHandler } from '../step-handler.ts';
import { type Awaited, waitUntil } from '../wait-until.ts';
import { awaitAnswer } from './await-answer.ts';
import { awaitCluster } from './await-cluster.ts';

/** A wait changes nothing. */
export const waitFor: StepHandler<'wait-for'> = async ({ condition, deadlineSeconds }, context) => {
  await waitUntil(awaited(condition, context), { deadlineSeconds, stop: context.stop, report: context.report });
  return { changed: false };
};

function awaited(condition: Condition, context: StepContext): Awaited {
  switch (condition.that) {
    case 'answers':
      return awaitAnswer(condition, context);
    case 'file-exists':
      return awaitFile(condition.path, context);
    case 'node-registered':
    case 'node-ready':
    case 'pods-ready':
      return awaitCluster(condition, context);
  }
}

function awaitFile(path: string, { host }: StepContext): Awaited {
  return {
    what: `${path} is there`,
    where: host.name,
    hint: 'The kubelet makes it. See what it says: journalctl --unit=kubelet. Then run again.',
    look: async () => ((await host.files.look(path)) === undefined ? 'it is not there' : undefined),
  };
}
