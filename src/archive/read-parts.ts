import type { Extent } from '../disc/iso/iso-image.ts';
import type { ImageFile } from './joined-file.ts';

/** Large enough that calls cost nothing, small enough to stay in the cache of a processor. */
const PART = 2 ** 20;

/** The system could not read: a scratched disc, a drive that is gone. Told apart from what becomes of the bytes that were read. */
export class ReadFailure extends Error {}

/**
 * Reads extents of a file in order, the next part while `consume` has the last one. Resolves to the bytes that were there: fewer than asked
 * for where the file ends before. Throws a `ReadFailure`, and whatever `consume` throws.
 */
export async function readParts(
  file: Pick<ImageFile, 'read'>,
  extents: Iterable<Extent>,
  consume: (part: Uint8Array) => void | Promise<void>,
): Promise<number> {
  const buffers = [Buffer.allocUnsafeSlow(PART), Buffer.allocUnsafeSlow(PART)] as const;
  const places = partsOf(extents);
  let done = 0;
  let turn = 0;
  const next = () => {
    const place = places.next();
    if (place.done) return undefined;
    turn = 1 - turn;
    return readFully(file, buffers[turn === 0 ? 0 : 1].subarray(0, place.value.length), place.value.offset);
  };
  let pending = next();
  while (pending !== undefined) {
    const part = await pending;
    const isShort = part.isShort;
    pending = isShort ? undefined : next();
    try {
      if (part.bytes.length > 0) await consume(part.bytes);
    } catch (error) {
      // The buffer is written to until then.
      await pending?.catch(() => {});
      throw error;
    }
    done += part.bytes.length;
  }
  return done;
}

function* partsOf(extents: Iterable<Extent>): Generator<Extent, undefined> {
  for (const { offset, length } of extents)
    for (let from = 0; from < length; from += PART)
      yield { offset: offset + from, length: Math.min(PART, length - from) };
}

/** Fills a buffer, unless the file ends before. */
async function readFully(file: Pick<ImageFile, 'read'>, buffer: Buffer, offset: number) {
  let done = 0;
  while (done < buffer.length) {
    const { bytesRead } = await file.read(buffer, done, buffer.length - done, offset + done).catch((cause: unknown) => {
      throw new ReadFailure(`reading byte ${offset + done} fails`, { cause });
    });
    if (bytesRead === 0) return { bytes: buffer.subarray(0, done), isShort: true };
    done += bytesRead;
  }
  return { bytes: buffer, isShort: false };
}
