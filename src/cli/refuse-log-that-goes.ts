import { dirname, resolve } from 'node:path';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { clusterPatterns, clusterTrees, ownPatterns, ownTrees, sharedTrees } from '../plan/reset-paths.ts';
import { fitsAny } from '../plan/what-is-ours.ts';

/** All that goes whole. What is shared goes on some hosts alone, which cannot be told before anything is looked at. */
const GOES = [...ownTrees, ...clusterTrees, ...sharedTrees, ...ownPatterns, ...clusterPatterns];

/** Throws a `USAGE` for a log file in a place that a reset removes, or may remove. */
export function refuseLogThatGoes(path: string | undefined): void {
  if (path === undefined) return;
  const removed = withThoseAbove(resolve(path)).find((each) => fitsAny(each, GOES));
  if (removed === undefined) return;
  throw new MetalK8sError('USAGE', `the log would go with ${removed}, which is removed`, {
    where: '--log-file',
    hint: 'Name a file elsewhere: --log-file /root/reset.log',
  });
}

/** A path and the folders that it is in, the outermost first. */
function withThoseAbove(path: string): readonly string[] {
  const above = dirname(path);
  return above === path ? [path] : [...withThoseAbove(above), path];
}
