import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { IMAGE_HEADER_SIZE } from '../../disc/image-header.ts';
import { openCheckedContents } from './checked-contents.ts';
import { AnotherImage, comparePieceFiles, type Sums, sumFiles } from './piece-files.ts';
import { PART_SUMS, partSums } from './pieces.ts';
import { pourImage } from './pour-image.ts';
import { sealOf } from './seal.ts';
import type { Job } from './write-output.ts';

/**
 * The sums of the output that is there, when every byte of it is as it would be written now; undefined otherwise. Where the cache knows what
 * these inputs came to, it is read once and summed; else it is compared with what would be written.
 */
export async function sumsOfSameImage(job: Job, known: Sums | undefined): Promise<Sums | undefined> {
  const { pieces, output, inputs, context } = job;
  const inParts = inputs.split !== null;
  const directory = inParts ? output.path : output.directory;
  for (const { name, size } of pieces) {
    const found = await stat(join(directory, name)).catch(() => undefined);
    if (!found?.isFile() || found.size !== size) return undefined;
  }
  if (known === undefined && !(await isSame(job, directory))) return undefined;
  const paths = pieces.map(({ name }) => join(directory, name));
  const sums = await sumFiles(paths, context.stop);
  if (known !== undefined && known.whole !== sums.whole) return undefined;
  return inParts && !(await hasPartSums(job, sums)) ? undefined : sums;
}

async function isSame({ head, inputs, pieces, signer, context, report }: Job, directory: string): Promise<boolean> {
  const { contents } = inputs.layout;
  const { stop } = context;
  const checked = await openCheckedContents(context.cache);
  const files = await comparePieceFiles(directory, pieces);
  try {
    const sha256 = await pourImage(
      { head, contents, checked, stop, progress: (done) => report.progress(done, head.size, 'bytes') },
      { write: (bytes, position) => files.write(...behindSeal(bytes, position)) },
    );
    await files.write(await sealOf({ size: head.size, sha256 }, signer), 0);
    await checked.save();
    return true;
  } catch (error) {
    if (error instanceof AnotherImage) return false;
    throw error;
  } finally {
    await files.close();
  }
}

/** The seal is not known before everything else is. */
function behindSeal(bytes: Uint8Array, position: number): [Uint8Array, number] {
  const hidden = Math.max(0, IMAGE_HEADER_SIZE - position);
  return [bytes.subarray(hidden), position + hidden];
}

/** And nothing else beside the parts. */
async function hasPartSums({ output, pieces }: Job, { each }: Sums): Promise<boolean> {
  const names = new Set([PART_SUMS, ...pieces.map(({ name }) => name)]);
  const found = await readdir(output.path);
  if (found.length !== names.size || !found.every((name) => names.has(name))) return false;
  return (await readFile(join(output.path, PART_SUMS), 'utf8')) === partSums(pieces, each);
}
