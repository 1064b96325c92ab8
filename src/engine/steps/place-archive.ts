import { posix } from 'node:path';
import type { Archive } from '../../archive/archive.ts';
import { copyImage } from '../../archive/copy-image.ts';
import { extractArchive } from '../../archive/extract-archive.ts';
import { listOfSums } from '../../archive/list-of-sums.ts';
import { openArchive } from '../../archive/open-archive.ts';
import { isMetalK8sError, MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { StepHandler, StepOf } from '../step-handler.ts';
import { notePaths } from './note-paths.ts';

const FOLDER = { mode: 0o755, uid: 0, gid: 0 };

/**
 * Copies an archive on the host that we run on. Under its final name it is whole, so nothing is written where it is already; what is read
 * there is compared with the signed list by the step that follows.
 */
export const placeArchive: StepHandler<'place-archive'> = async (step, context) => {
  const { source, target, form, sumsSha256 } = step;
  const { host, report, stop } = context;
  const found = await host.files.look(target);
  if (found !== undefined) {
    if (await isPlaced(step)) return { changed: false };
    const isEmpty = found.type === 'directory' && (await host.files.list(target))?.length === 0;
    // As where something was mounted once.
    if (!isEmpty || !(await host.files.remove(target))) throw occupied(step);
  }
  // A killed run may have begun with it.
  await notePaths([target, `${target}.partial`], context);
  await host.files.ensureDirectory({ path: posix.dirname(target), ...FOLDER });
  const reading = { stop, progress: (done: number, total: number) => report.progress(done, total, 'bytes') };
  const archive = await openArchive(source);
  try {
    if (form === 'folder') await extractArchive(archive, await listOfSums(archive, sumsSha256), target, reading);
    else if (archive.kind === 'image') await copyImage(archive, target, sumsSha256, reading);
    else throw new RangeError(`${source} is a folder, and the plan has it as an image`);
  } finally {
    await archive.close();
  }
  return { changed: true };
};

/** Whether that very archive stands there. */
async function isPlaced({ target, form, sumsSha256 }: StepOf<'place-archive'>): Promise<boolean> {
  let archive: (Archive & { readonly kind: string }) | undefined;
  try {
    archive = await openArchive(target);
    if (archive.kind !== form) return false;
    await listOfSums(archive, sumsSha256);
    return true;
  } catch (error) {
    if (isMetalK8sError(error)) return false;
    throw error;
  } finally {
    await archive?.close();
  }
}

function occupied({ target, version }: StepOf<'place-archive'>): MetalK8sError {
  return new MetalK8sError('STEP_FAILED', `Something else than this archive of version ${version} is there`, {
    where: target,
    hint: 'If nobody needs it, remove it or move it elsewhere, then run again.',
  });
}
