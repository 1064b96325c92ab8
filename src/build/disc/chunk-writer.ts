import { createHash } from 'node:crypto';
import { BLOCK } from '../../disc/iso/iso-image.ts';
import { createBuffers } from './buffers.ts';

/** Takes an image, from its first byte to its last. */
export interface ImageSink {
  /** Called in order, without waiting. The bytes may be overwritten when it is settled. */
  write(bytes: Uint8Array, position: number): Promise<void>;
}

/** Collects an image in large chunks, which are summed and handed to a sink. */
export interface ChunkWriter {
  /** The free part of the chunk at hand, at least one byte. What is put there counts with `advance`. */
  space(): Buffer;
  advance(length: number): Promise<void>;
  put(bytes: Uint8Array): Promise<void>;
  /** Fills up the last block with zeros. */
  endBlock(): Promise<void>;
  /** Sums what has not been summed yet: work for the time in which the next bytes are being read. */
  sumUp(): void;
  /** When the sink has taken everything. Gives the number of bytes, and their SHA-256 unless nobody wants it. */
  end(): Promise<{ readonly size: number; readonly sha256: string | undefined }>;
  /** Waits until nothing uses the sink any more, after a failure. Throws nothing. */
  abandon(): Promise<void>;
}

interface Watch {
  /** False: nothing is summed. */
  readonly summed: boolean;
  readonly stop: AbortSignal;
  /** Bytes. */
  progress(done: number): void;
}

/** Whole blocks, so that the end of a block is never in the next chunk. */
const CHUNK = 2 ** 20;
const CHUNKS = 8;

/** Every method throws what the sink has thrown, or the reason of `stop`. */
export async function createChunkWriter(sink: ImageSink, { summed, stop, progress }: Watch): Promise<ChunkWriter> {
  const buffers = createBuffers(CHUNKS, CHUNK);
  const hash = summed ? createHash('sha256') : undefined;
  const unsummed: { readonly bytes: Uint8Array; done(): void }[] = [];
  const busy = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  let chunk = await buffers.take();
  let filled = 0;
  let position = 0;

  function sumUp(): void {
    for (const { bytes, done } of unsummed.splice(0)) {
      hash?.update(bytes);
      done();
    }
  }

  function send(): void {
    const full = chunk;
    const bytes = full.subarray(0, filled);
    const summing = Promise.withResolvers<void>();
    unsummed.push({ bytes, done: summing.resolve });
    const written = sink.write(bytes, position).catch((error: unknown) => {
      failure ??= { error };
    });
    const done = Promise.all([written, summing.promise]).then(() => {
      busy.delete(done);
      buffers.give(full);
    });
    busy.add(done);
    position += filled;
    filled = 0;
    progress(position);
  }

  async function advance(length: number): Promise<void> {
    filled += length;
    if (filled < CHUNK) return;
    send();
    // Were all of them waiting to be summed, none would ever be free.
    if (unsummed.length >= CHUNKS - 2) sumUp();
    chunk = await buffers.take();
    if (failure) throw failure.error;
    stop.throwIfAborted();
  }

  return {
    space: () => chunk.subarray(filled),
    advance,
    async put(bytes) {
      for (let taken = 0; taken < bytes.length; ) {
        const part = bytes.subarray(taken, taken + CHUNK - filled);
        chunk.set(part, filled);
        taken += part.length;
        await advance(part.length);
      }
    },
    async endBlock() {
      const rest = (BLOCK - (filled % BLOCK)) % BLOCK;
      chunk.fill(0, filled, filled + rest);
      await advance(rest);
    },
    sumUp,
    async end() {
      if (filled > 0) send();
      sumUp();
      await Promise.all(busy);
      if (failure) throw failure.error;
      return { size: position, sha256: hash?.digest('hex') };
    },
    async abandon() {
      for (const { done } of unsummed.splice(0)) done();
      await Promise.all(busy);
    },
  };
}
