import { posix } from 'node:path';
import { sha256Of } from '../../disc/sha256-of.ts';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { PlannedFile } from '../../plan/planned-file.ts';
import { FILES_BEFORE, type Possession } from '../../plan/possession.ts';
import { clusterTrees, ownTrees } from '../../plan/reset-paths.ts';
import { isWithin } from '../../plan/what-is-ours.ts';
import type { StepContext } from '../step-handler.ts';

/**
 * Keeps a copy of each file of the host's owner that another one is about to replace, and notes it, so that `reset` may put it back. To be called
 * before `notePaths` of the same files. What lies where everything goes with the cluster is not kept: nobody else has anything there. Throws a
 * `STEP_FAILED` for a file that is no text.
 */
export async function noteReplaced(
  files: readonly Pick<PlannedFile, 'path' | 'sha256'>[],
  { host, possessions }: Pick<StepContext, 'host' | 'possessions'>,
): Promise<void> {
  const noted = possessions.list();
  const ours = noted.flatMap((each) => (each.what === 'path' ? [each.path] : []));
  const kept = new Set(noted.flatMap((each) => (each.what === 'file-before' ? [each.path] : [])));
  const replaced: Possession[] = [];
  for (const { path, sha256 } of files) {
    if (kept.has(path) || isWithin(path, [...clusterTrees, ...ownTrees, ...ours])) continue;
    const found = await host.files.look(path);
    const digest = found?.type === 'file' ? await host.files.sha256(path) : undefined;
    if (found === undefined || digest === undefined || digest === sha256) continue;
    const content = (await host.files.read(path)) ?? '';
    if (sha256Of(content) !== digest) throw noText(path);
    // It may hold the password of a registry.
    await host.files.writeAtomic([{ path: copyOf(path), content, mode: 0o600, uid: 0, gid: 0 }]);
    replaced.push({ what: 'file-before', path, mode: found.mode, uid: found.uid, gid: found.gid });
  }
  if (replaced.length > 0) await possessions.add(replaced);
}

function noText(where: string): MetalK8sError {
  return new MetalK8sError(
    'STEP_FAILED',
    'A file that has to be replaced is no text in UTF-8, so no faithful copy can be kept',
    {
      where,
      hint: 'Move it elsewhere, if anybody needs it, or remove it. Then run again.',
    },
  );
}

/** Where the copy of a file lies. */
export function copyOf(path: string): string {
  return posix.join(FILES_BEFORE, path);
}
