import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiscLayout } from './disc-layout.ts';
import type { Sums } from './piece-files.ts';

/** Everything that the bytes of an output depend on. */
export interface DiscInputs {
  readonly layout: DiscLayout;
  readonly volumeId: string;
  readonly epoch: number;
  readonly signingKey: string | null;
  readonly split: number | null;
  /** Version of xorriso. */
  readonly xorriso: string;
}

const KIND = 'discs';
/** To be counted up when the same inputs give another image. */
const FORMAT = 1;

/** What the output with these inputs came to when it was written last; undefined when this cache does not know. */
export async function readKnown(cache: string, inputs: DiscInputs): Promise<Sums | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(pathOf(cache, inputs), 'utf8'));
    return isSums(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** So that the next build knows an unchanged output by its sum. */
export async function writeKnown(cache: string, inputs: DiscInputs, sums: Sums): Promise<void> {
  const path = pathOf(cache, inputs);
  const temporary = `${path}.${process.pid}`;
  await mkdir(join(cache, KIND), { recursive: true });
  try {
    await writeFile(temporary, JSON.stringify(sums));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function pathOf(cache: string, { layout, ...rest }: DiscInputs): string {
  const sizes = layout.contents.map(({ size }) => size);
  const digest = createHash('sha256')
    .update(JSON.stringify([FORMAT, rest, sizes, layout.entries]))
    .digest('hex');
  return join(cache, KIND, `${digest}.json`);
}

function isSums(value: unknown): value is Sums {
  if (typeof value !== 'object' || value === null) return false;
  if (!('whole' in value && 'each' in value && 'size' in value)) return false;
  return typeof value.whole === 'string' && Array.isArray(value.each) && typeof value.size === 'number';
}
