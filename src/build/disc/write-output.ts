import { mkdir, open, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sha256Of } from '../../disc/sha256-of.ts';
import type { StepReport } from '../../events/step-report.ts';
import type { BuildContext } from '../build-context.ts';
import type { Signer } from '../signer.ts';
import { type BuildFacts, writeBuildRecord } from './build-record.ts';
import { openCheckedContents } from './checked-contents.ts';
import type { Output } from './examine-output.ts';
import { unwritable } from './failures.ts';
import type { ImageHead } from './image-head.ts';
import type { DiscInputs, KnownDisc } from './known-discs.ts';
import { type TemporaryNames, temporaryNames } from './leftovers.ts';
import { createPieceFiles, sumFiles } from './piece-files.ts';
import { PART_SUMS, type Piece, partSums } from './pieces.ts';
import { placeDirectory, placeFile, syncDirectory } from './place.ts';
import { pourImage } from './pour-image.ts';
import { sealOf } from './seal.ts';

/** One disc to be written, all of it decided. */
export interface Job {
  readonly inputs: DiscInputs;
  /** What these inputs came to before. */
  readonly known: KnownDisc | undefined;
  readonly volumeId: string;
  readonly head: ImageHead;
  readonly pieces: readonly Piece[];
  readonly output: Output;
  readonly force: boolean;
  readonly facts: BuildFacts;
  readonly signer: Signer | undefined;
  readonly context: BuildContext;
  readonly report: StepReport;
}

/** How often progress is told. */
const TELLINGS = 500;

/** Writes everything under temporary names, then gives it its own, the disc itself last. Gives what it came to. */
export async function writeOutput(job: Job): Promise<KnownDisc> {
  const { output, inputs, head, force, facts, volumeId } = job;
  const { epoch } = job.context;
  const { signingKey } = inputs;
  const names = await temporaryNames(output);
  const name = basename(output.path);
  try {
    const disc = inputs.split === null ? await writeImage(job, names) : await writeParts(job, names);
    const sha256 = disc.sums.whole;
    await writeBuildRecord(names.record, { name, size: head.size, sha256, volumeId, epoch, signingKey }, facts);
    await placeFile(names.record, output.record, { force: true });
    if (inputs.split === null) await placeFile(names.image, output.path, { force });
    else await placeDirectory(names.parts, output.path, { force, aside: names.replaced });
    return disc;
  } catch (error) {
    throw unwritable(error, output.path);
  } finally {
    for (const path of [names.image, names.record, names.parts]) await rm(path, { recursive: true, force: true });
  }
}

function writeImage(job: Job, { image }: TemporaryNames): Promise<KnownDisc> {
  const pieces = job.pieces.map((piece) => ({ ...piece, name: basename(image) }));
  return writePieces({ ...job, pieces }, job.output.directory);
}

async function writeParts(job: Job, { parts }: TemporaryNames): Promise<KnownDisc> {
  await mkdir(parts);
  const disc = await writePieces(job, parts);
  const file = await open(join(parts, PART_SUMS), 'wx');
  try {
    await file.writeFile(partSums(job.pieces, disc.sums.each));
    await file.sync();
  } finally {
    await file.close();
  }
  await syncDirectory(parts);
  return disc;
}

/**
 * An image whose inputs are known is not summed again: what stands in it is what stood in it then, as each content is one that was found right.
 */
async function writePieces(job: Job, directory: string): Promise<KnownDisc> {
  const { head, inputs, known, pieces, signer, context, report } = job;
  const { stop, cache } = context;
  const { size } = head;
  const files = await createPieceFiles(directory, pieces);
  try {
    const checked = await openCheckedContents(cache);
    const progress = everySoOften(size, (done) => report.progress(done, size, 'bytes'));
    const { contents } = inputs;
    const summed = known === undefined;
    const signed = (await pourImage({ head, contents, checked, summed, stop, progress }, files)) ?? known?.signed ?? '';
    const seal = await sealOf({ size, sha256: signed }, signer);
    await files.write(seal, 0);
    const disc = { signed, seal: sha256Of(seal) };
    if (known?.seal === disc.seal) await files.sync();
    // The sum of the finished image begins with its seal, so it cannot begin earlier. Meanwhile the bytes travel to the disk.
    const paths = pieces.map(({ name }) => join(directory, name));
    const [sums] = known?.seal === disc.seal ? [known.sums] : await Promise.all([sumFiles(paths, stop), files.sync()]);
    await checked.save();
    return { ...disc, sums };
  } finally {
    await files.close();
  }
}

function everySoOften(total: number, tell: (done: number) => void): (done: number) => void {
  let next = 0;
  return (done) => {
    if (done < next && done < total) return;
    next = done + total / TELLINGS;
    tell(done);
  };
}
