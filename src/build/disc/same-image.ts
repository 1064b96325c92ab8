import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { IMAGE_HEADER_SIZE } from '../../disc/image-header.ts';
import { sha256Of } from '../../disc/sha256-of.ts';
import { openCheckedContents } from './checked-contents.ts';
import type { KnownDisc } from './known-discs.ts';
import { AnotherImage, comparePieceFiles, type Sums, sumFiles } from './piece-files.ts';
import { PART_SUMS, partSums } from './pieces.ts';
import { pourImage } from './pour-image.ts';
import { sealOf } from './seal.ts';
import type { Job } from './write-output.ts';

/**
 * What the output that is there comes to, when every byte of it is as it would be written now; undefined otherwise. Where the cache knows
 * what these inputs came to, it is read once and summed; else it is compared with what would be written.
 */
export async function sameImage(job: Job): Promise<KnownDisc | undefined> {
  const { known, pieces, output, inputs, context } = job;
  const inParts = inputs.split !== null;
  const directory = inParts ? output.path : output.directory;
  for (const { name, size } of pieces) {
    const found = await stat(join(directory, name)).catch(() => undefined);
    if (!found?.isFile() || found.size !== size) return undefined;
  }
  const seal = known ?? (await compared(job, directory));
  if (seal === undefined) return undefined;
  const paths = pieces.map(({ name }) => join(directory, name));
  const sums = await sumFiles(paths, context.stop);
  if (known !== undefined && known.sums.whole !== sums.whole) return undefined;
  return inParts && !(await hasPartSums(job, sums)) ? undefined : { ...seal, sums };
}

/** Compares every byte. Gives what is signed, and the sum of the seal. */
async function compared(
  { head, inputs, pieces, signer, context, report }: Job,
  directory: string,
): Promise<Pick<KnownDisc, 'signed' | 'seal'> | undefined> {
  const { contents } = inputs;
  const { stop } = context;
  const { size } = head;
  const checked = await openCheckedContents(context.cache);
  const files = await comparePieceFiles(directory, pieces);
  try {
    const progress = (done: number) => report.progress(done, size, 'bytes');
    const sink = { write: (bytes: Uint8Array, position: number) => files.write(...behindSeal(bytes, position)) };
    const signed = (await pourImage({ head, contents, checked, summed: true, stop, progress }, sink)) ?? '';
    const seal = await sealOf({ size, sha256: signed }, signer);
    await files.write(seal, 0);
    await checked.save();
    return { signed, seal: sha256Of(seal) };
  } catch (error) {
    if (error instanceof AnotherImage) return undefined;
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
