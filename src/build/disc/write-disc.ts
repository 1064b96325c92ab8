import { mkdir } from 'node:fs/promises';
import type { DiscFile } from '../../disc/disc-file.ts';
import { discPaths } from '../../disc/paths.ts';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { StepReport } from '../../events/step-report.ts';
import type { BuildContext } from '../build-context.ts';
import type { Signer } from '../signer.ts';
import { requireTools } from '../tools.ts';
import type { BuildFacts } from './build-record.ts';
import { checkRoom, LARGEST_ON_FAT } from './check-room.ts';
import { discLayout, discSums } from './disc-layout.ts';
import { examineOutput, type Output } from './examine-output.ts';
import { alreadyThere } from './failures.ts';
import { type ImageHead, imageHead } from './image-head.ts';
import { type DiscInputs, type KnownDisc, readKnown, writeKnown } from './known-discs.ts';
import { clearLeftovers } from './leftovers.ts';
import { type Piece, planPieces } from './pieces.ts';
import { sameImage } from './same-image.ts';
import { type Job, writeOutput } from './write-output.ts';

export interface DiscRequest {
  /** All but `SHA256SUMS` and its signature. */
  readonly files: readonly DiscFile[];
  /** 1 to 32 letters, digits, dots and dashes. */
  readonly volumeId: string;
  /** `NAME.iso`; with `split` it is the name of the image that its parts give. */
  readonly output: string;
  /** Replaces what is there. */
  readonly force: boolean;
  /** Bytes. The image is written in parts of this size, into the directory `NAME.iso.parts`. */
  readonly split?: number;
  readonly signer: Signer | undefined;
  readonly facts: BuildFacts;
}

export interface DiscResult {
  readonly outcome: 'written' | 'up-to-date';
  /** Absolute path of the image, or of the directory with its parts. */
  readonly output: string;
  /** Bytes of the image. */
  readonly size: number;
  /** 64 hexadecimal digits, of the image as `sha256sum` gives it; of parts when they are joined. */
  readonly sha256: string;
  /** Their names, in order. */
  readonly parts?: readonly string[];
}

/**
 * Writes a disc: the same bytes for the same files, volume id, key and epoch. Under its name there is never anything but a whole disc that
 * has reached the disk, whenever this is killed and whatever fails. What killed runs left is cleared first.
 *
 * An output that is there is an error (`USAGE`), unless it is this very disc, which is looked for in every byte, or `force` is given.
 * Throws a `PREFLIGHT_FAILED` where there is no room, before anything is written.
 */
export async function writeDisc(request: DiscRequest, context: BuildContext, report: StepReport): Promise<DiscResult> {
  const { volumeId, force, split, signer } = request;
  if (!/^[\w.-]{1,32}$/.test(volumeId)) throw new MetalK8sError('INTERNAL', `${volumeId} is no volume id`);
  const output = await examineOutput(request.output, { inParts: split !== undefined });
  for (const line of await clearLeftovers(output.directory)) report.output(line);
  await mkdir(context.cache, { recursive: true });

  const layout = discLayout(await withSums(request.files, signer));
  const { xorriso = '' } = await requireTools(['xorriso'], context);
  const head = await imageHead({ layout, volumeId, xorriso }, context);
  const { contents } = layout;
  const signingKey = signer?.fingerprint ?? null;
  const inputs: DiscInputs = { head: head.bytes, contents, signingKey, split: split ?? null };
  const known = await readKnown(context.cache, inputs);
  const pieces = piecesOf(output, head, split);
  if (split === LARGEST_ON_FAT + 1) report.warning(`FAT takes files of ${LARGEST_ON_FAT} bytes at most: --split 4095M`);
  const { facts } = request;
  const job: Job = { inputs, known, volumeId, head, pieces, output, force, facts, signer, context, report };

  if (output.exists && !force) {
    const disc = await sameImage(job);
    if (disc === undefined) throw alreadyThere(output.path);
    if (known === undefined) await writeKnown(context.cache, inputs, disc);
    report.unchanged();
    return resultOf(job, disc, 'up-to-date');
  }
  const largestFile = Math.max(...pieces.map(({ size }) => size));
  await checkRoom(output.directory, { size: head.size, largestFile });
  const disc = await writeOutput(job);
  await writeKnown(context.cache, inputs, disc);
  return resultOf(job, disc, 'written');
}

async function withSums(files: readonly DiscFile[], signer: Signer | undefined): Promise<DiscFile[]> {
  const content = Buffer.from(discSums(files));
  const sums: DiscFile = { path: discPaths.sums, source: { content } };
  if (signer === undefined) return [...files, sums];
  return [...files, sums, { path: discPaths.sumsSignature, source: { content: await signer.sign(content) } }];
}

function piecesOf({ name, path }: Output, { size }: ImageHead, split: number | undefined): Piece[] {
  try {
    return planPieces(name, size, split);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new MetalK8sError('USAGE', error.message, { where: path, hint: 'Choose a larger size of parts by --split.' });
  }
}

function resultOf(
  { output, head, pieces, inputs }: Job,
  { sums }: KnownDisc,
  outcome: DiscResult['outcome'],
): DiscResult {
  const parts = inputs.split === null ? {} : { parts: pieces.map(({ name }) => name) };
  return { outcome, output: output.path, size: head.size, sha256: sums.whole, ...parts };
}
