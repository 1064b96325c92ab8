import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Of } from '../../disc/sha256-of.ts';
import type { DiscContent } from './disc-layout.ts';
import type { Sums } from './piece-files.ts';

/** Everything that the bytes of an output depend on, but for its signature. */
export interface DiscInputs {
  readonly head: Uint8Array;
  readonly contents: readonly DiscContent[];
  readonly signingKey: string | null;
  /** Bytes of a part. */
  readonly split: number | null;
}

/** What an output came to: whoever writes the same again need not sum it again. */
export interface KnownDisc {
  /** Of the image with its seal as zeros: what is signed. */
  readonly signed: string;
  /** Of the seal. Another one makes another image. */
  readonly seal: string;
  readonly sums: Sums;
}

const KIND = 'discs';

/** What the output with these inputs came to when it was written last; undefined when this cache does not know. */
export async function readKnown(cache: string, inputs: DiscInputs): Promise<KnownDisc | undefined> {
  try {
    const [check, ...lines] = (await readFile(pathOf(cache, inputs), 'utf8')).split('\n');
    const text = lines.join('\n');
    return check === sha256Of(text) ? (JSON.parse(text) as KnownDisc) : undefined;
  } catch {
    return undefined;
  }
}

/** Beside its own sum: a bit that has rotted in it would be signed. */
export async function writeKnown(cache: string, inputs: DiscInputs, known: KnownDisc): Promise<void> {
  const path = pathOf(cache, inputs);
  const temporary = `${path}.${process.pid}`;
  const text = JSON.stringify(known);
  await mkdir(join(cache, KIND), { recursive: true });
  try {
    await writeFile(temporary, `${sha256Of(text)}\n${text}`);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function pathOf(cache: string, { head, contents, ...rest }: DiscInputs): string {
  const order = contents.map(({ sha256, size }) => [sha256, size]);
  return join(cache, KIND, sha256Of(JSON.stringify([sha256Of(head), order, rest])));
}
