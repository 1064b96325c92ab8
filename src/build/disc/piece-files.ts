import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageSink } from './chunk-writer.ts';
import { type Piece, sharesOf } from './pieces.ts';

/** Pieces of an image as files. */
export interface PieceFiles extends ImageSink {
  /** When everything has reached the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

const CHUNK = 2 ** 20;
/** So many bytes are sent on their way to the disk while others are still to come. */
const FLUSHED = 2 ** 26;

/** Makes the files anew in a directory. */
export function createPieceFiles(directory: string, pieces: readonly Piece[]): Promise<PieceFiles> {
  return openPieces(directory, pieces, 'wx', createWriting());
}

/** Writes nothing: each write throws an {@link AnotherImage} unless these very bytes stand there already. */
export function comparePieceFiles(directory: string, pieces: readonly Piece[]): Promise<PieceFiles> {
  return openPieces(directory, pieces, 'r', { act: compare, settle: async () => {} });
}

/** An output that is there is not the one that would be written. */
export class AnotherImage extends Error {}

interface Access {
  act(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void>;
  /** Waits for what it has begun, and throws what went wrong. */
  settle(): Promise<void>;
}

async function openPieces(
  directory: string,
  pieces: readonly Piece[],
  flags: string,
  { act, settle }: Access,
): Promise<PieceFiles> {
  const files: FileHandle[] = [];
  const close = async () => {
    for (const file of files.splice(0)) await file.close();
  };
  try {
    for (const { name } of pieces) files.push(await open(join(directory, name), flags));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    async write(bytes, position) {
      for (const { piece, offset, bytes: share } of sharesOf(pieces, bytes, position)) {
        const file = files[piece];
        if (file) await act(file, share, offset);
      }
    },
    async sync() {
      await settle();
      for (const file of files) await file.sync();
    },
    close,
  };
}

/** Writes, and now and then sends what is written to the disk, so that little is left for the end. */
function createWriting(): Access {
  let unsent = 0;
  let sending: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;
  return {
    async act(file, bytes, offset) {
      for (let written = 0; written < bytes.length; ) {
        written += (await file.write(bytes, written, bytes.length - written, offset + written)).bytesWritten;
      }
      unsent += bytes.length;
      if (sending !== undefined || unsent < FLUSHED) return;
      unsent = 0;
      sending = file
        .datasync()
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => {
          sending = undefined;
        });
    },
    // The system tells an error of the disk once: the sync at the end would know nothing of it.
    async settle() {
      await sending;
      if (failure !== undefined) throw failure.error;
    },
  };
}

async function compare(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  const found = Buffer.allocUnsafe(bytes.length);
  for (let read = 0; read < bytes.length; ) {
    const { bytesRead } = await file.read(found, read, bytes.length - read, offset + read);
    if (bytesRead === 0) throw new AnotherImage('it is shorter');
    read += bytesRead;
  }
  if (!found.equals(bytes)) throw new AnotherImage(`it differs from byte ${offset} on`);
}

/** SHA-256 sums of what stands in files: of each, and of all of them joined. */
export interface Sums {
  readonly whole: string;
  readonly each: readonly string[];
  /** Bytes of all of them. */
  readonly size: number;
}

/** Reads files to their ends. Throws the reason of `stop`. */
export async function sumFiles(paths: readonly string[], stop: AbortSignal): Promise<Sums> {
  const whole = createHash('sha256');
  const each: string[] = [];
  let size = 0;
  for (const path of paths) {
    const hashes = paths.length === 1 ? [whole] : [whole, createHash('sha256')];
    size += await readInto(path, stop, (bytes) => {
      for (const hash of hashes) hash.update(bytes);
    });
    if (hashes[1]) each.push(hashes[1].digest('hex'));
  }
  const digest = whole.digest('hex');
  return { whole: digest, each: paths.length === 1 ? [digest] : each, size };
}

/** While one chunk is taken the next one is read. */
async function readInto(path: string, stop: AbortSignal, take: (bytes: Uint8Array) => void): Promise<number> {
  const file = await open(path);
  try {
    let [current, next] = [Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK)];
    let position = 0;
    let reading = file.read(current, 0, CHUNK, position);
    for (;;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) return position;
      stop.throwIfAborted();
      position += bytesRead;
      reading = file.read(next, 0, CHUNK, position);
      take(current.subarray(0, bytesRead));
      [current, next] = [next, current];
    }
  } finally {
    await file.close();
  }
}
