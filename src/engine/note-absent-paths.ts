import { sharedTrees } from '../plan/reset-paths.ts';
import type { StepContext } from './step-handler.ts';
import { notePaths } from './steps/note-paths.ts';

/** Notes which folders that packages, the kubelet and the network plugin make are not there yet, so that `reset` may remove them whole. */
export function noteAbsentPaths(context: Pick<StepContext, 'host' | 'possessions'>): Promise<void> {
  return notePaths(sharedTrees, context);
}
