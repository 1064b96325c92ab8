import { randomInt } from 'node:crypto';
import { open, readFile, truncate } from 'node:fs/promises';
import { openArchive } from '../../../src/archive/open-archive.ts';
import type { TrustedKey } from '../../../src/archive/trusted-keys.ts';
import { verifyArchive } from '../../../src/archive/verify-archive.ts';
import { IMAGE_HEADER_SIZE } from '../../../src/disc/image-header.ts';
import { BLOCK } from '../../../src/disc/iso/iso-image.ts';
import { readPublicKeys } from '../../../src/disc/openpgp/public-key.ts';
import { isMetalK8sError } from '../../../src/errors/metalk8s-error.ts';

export interface Flip {
  /** Bytes from the start of the image. */
  readonly position: number;
  /** 0 to 7. */
  readonly bit: number;
  /** What lies there: `header`, `zeros of the header`, `file system`, `file`. */
  readonly region: string;
}

/** Verifies an archive as the command does, without telling of it. */
export async function verifyQuietly(path: string, keys: readonly TrustedKey[], minimumVersion?: string) {
  const archive = await openArchive(path);
  try {
    return await verifyArchive(archive, {
      keys,
      now: new Date(),
      stop: new AbortController().signal,
      stage: (_stage, work) => work(() => {}),
      ...(minimumVersion === undefined ? {} : { minimumVersion }),
    });
  } finally {
    await archive.close();
  }
}

/** Why an archive is refused; undefined when it is accepted. Rejects when anything else goes wrong than a refusal. */
export async function refusalOf(path: string, keys: readonly TrustedKey[]): Promise<string | undefined> {
  try {
    await verifyQuietly(path, keys);
    return undefined;
  } catch (error) {
    if (isMetalK8sError(error) && error.code === 'VERIFICATION_FAILED') return error.message;
    throw error;
  }
}

/** So many bits of an image, chosen at random: some aimed outside the contents of files, in turn at each kind of place, the rest anywhere. */
export async function chooseFlips(
  image: string,
  { aimed, anywhere }: { aimed: number; anywhere: number },
): Promise<Flip[]> {
  const { used, size, gaps } = await layoutOf(image);
  const regionOf = (position: number) => {
    if (position < used) return 'header';
    if (position < IMAGE_HEADER_SIZE) return 'zeros of the header';
    return gaps.some(({ from, to }) => position >= from && position < to) ? 'file system' : 'file';
  };
  const flip = (position: number) => ({ position, bit: randomInt(8), region: regionOf(position) });
  const inGap = () => {
    const gap = gaps[randomInt(gaps.length)] ?? { from: IMAGE_HEADER_SIZE, to: IMAGE_HEADER_SIZE + 1 };
    return randomInt(gap.from, gap.to);
  };
  const aims = [() => randomInt(used), inGap, () => randomInt(used, IMAGE_HEADER_SIZE), inGap];
  return [
    ...Array.from({ length: aimed }, (_, index) => flip((aims[index % aims.length] ?? inGap)())),
    ...Array.from({ length: anywhere }, () => flip(randomInt(size))),
  ];
}

/** Where an image holds no content of a file, block by block: descriptors, path tables, directories, slack behind files, padding. */
async function layoutOf(image: string) {
  const archive = await openArchive(image);
  try {
    if (archive.kind !== 'image' || archive.size === undefined) throw new Error(`${image} is no image`);
    const { size } = archive;
    const extents = (await archive.tree()).entries.flatMap((entry) => entry.extents);
    const gaps: { from: number; to: number }[] = [];
    let end = IMAGE_HEADER_SIZE;
    for (const { offset, length } of [
      ...extents.toSorted((a, b) => a.offset - b.offset),
      { offset: size, length: 0 },
    ]) {
      for (let from = end; from < offset; from = (Math.floor(from / BLOCK) + 1) * BLOCK)
        gaps.push({ from, to: Math.min(offset, (Math.floor(from / BLOCK) + 1) * BLOCK) });
      end = Math.max(end, offset + length);
    }
    return { used: await usedHeader(image), size, gaps };
  } finally {
    await archive.close();
  }
}

async function usedHeader(image: string): Promise<number> {
  const file = await open(image);
  try {
    const { buffer } = await file.read(Buffer.alloc(IMAGE_HEADER_SIZE), 0, IMAGE_HEADER_SIZE, 0);
    return buffer.indexOf(0);
  } finally {
    await file.close();
  }
}

/** Flips a bit of a file in its place, as a bad medium does, for as long as `act` runs. */
export async function withFlip<Result>(
  path: string,
  { position, bit }: Flip,
  act: () => Promise<Result>,
): Promise<Result> {
  await flipBit(path, position, bit);
  try {
    return await act();
  } finally {
    await flipBit(path, position, bit);
  }
}

async function flipBit(path: string, position: number, bit: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, position);
    await file.write(Buffer.of((buffer[0] ?? 0) ^ (1 << bit)), 0, 1, position);
  } finally {
    await file.close();
  }
}

/** Cuts a file shorter and shorter, to so many random lengths, and runs `act` after each cut. The file is lost. */
export async function withCuts(path: string, count: number, act: (length: number) => Promise<void>): Promise<void> {
  const file = await open(path);
  const { size } = await file.stat();
  await file.close();
  const lengths = [size - 1, 0, ...Array.from({ length: count - 2 }, () => randomInt(1, size - 1))];
  for (const length of lengths.sort((a, b) => b - a)) {
    await truncate(path, length);
    await act(length);
  }
}

/** A key of a file, as trusted. */
export async function trusted(file: string): Promise<TrustedKey[]> {
  return readPublicKeys(await readFile(file)).map((block) => ({ ...block, file }));
}
