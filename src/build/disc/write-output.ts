import { mkdir, open, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BuildContext, StepReport } from '../build-context.ts';
import type { Signer } from '../signer.ts';
import { type BuildFacts, writeBuildRecord } from './build-record.ts';
import { openCheckedContents } from './checked-contents.ts';
import type { Output } from './examine-output.ts';
import { unwritable } from './failures.ts';
import type { ImageHead } from './image-head.ts';
import type { DiscInputs } from './known-discs.ts';
import { type TemporaryNames, temporaryNames } from './leftovers.ts';
import { createPieceFiles, type Sums, sumFiles } from './piece-files.ts';
import { PART_SUMS, type Piece, partSums } from './pieces.ts';
import { placeDirectory, placeFile, syncDirectory } from './place.ts';
import { pourImage } from './pour-image.ts';
import { sealOf } from './seal.ts';

/** One disc to be written, all of it decided. */
export interface Job {
  readonly inputs: DiscInputs;
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

/** Writes everything under temporary names, then gives it its own, the disc itself last. Gives the sums of what was written. */
export async function writeOutput(job: Job): Promise<Sums> {
  const { output, inputs, head, force, facts } = job;
  const names = await temporaryNames(output);
  const name = basename(output.path);
  try {
    const sums = inputs.split === null ? await writeImage(job, names) : await writeParts(job, names);
    await writeBuildRecord(names.record, { ...inputs, name, size: head.size, sha256: sums.whole }, facts);
    await placeFile(names.record, output.record, { force: true });
    if (inputs.split === null) await placeFile(names.image, output.path, { force });
    else await placeDirectory(names.parts, output.path, { force, aside: names.replaced });
    return sums;
  } catch (error) {
    throw unwritable(error, output.path);
  } finally {
    for (const path of [names.image, names.record, names.parts]) await rm(path, { recursive: true, force: true });
  }
}

function writeImage(job: Job, { image }: TemporaryNames): Promise<Sums> {
  const pieces = job.pieces.map((piece) => ({ ...piece, name: basename(image) }));
  return writePieces({ ...job, pieces }, job.output.directory);
}

async function writeParts(job: Job, { parts }: TemporaryNames): Promise<Sums> {
  await mkdir(parts);
  const sums = await writePieces(job, parts);
  const file = await open(join(parts, PART_SUMS), 'wx');
  try {
    await file.writeFile(partSums(job.pieces, sums.each));
    await file.sync();
  } finally {
    await file.close();
  }
  await syncDirectory(parts);
  return sums;
}

async function writePieces({ head, inputs, pieces, signer, context, report }: Job, directory: string): Promise<Sums> {
  const { stop, cache } = context;
  const files = await createPieceFiles(directory, pieces);
  try {
    const checked = await openCheckedContents(cache);
    const progress = everySoOften(head.size, (done) => report.progress(done, head.size, 'bytes'));
    const { contents } = inputs.layout;
    const sha256 = await pourImage({ head, contents, checked, stop, progress }, files);
    await files.write(await sealOf({ size: head.size, sha256 }, signer), 0);
    // The sum of the finished image begins with its seal, so it cannot begin earlier. Meanwhile the bytes travel to the disk.
    const paths = pieces.map(({ name }) => join(directory, name));
    const [sums] = await Promise.all([sumFiles(paths, stop), files.sync()]);
    await checked.save();
    return sums;
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
