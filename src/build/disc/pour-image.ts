import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import { checkWhileReading } from './check-while-reading.ts';
import type { CheckedContents } from './checked-contents.ts';
import { type ChunkWriter, createChunkWriter, type ImageSink } from './chunk-writer.ts';
import type { DiscContent } from './disc-layout.ts';
import type { ImageHead } from './image-head.ts';

export interface Pouring {
  readonly head: ImageHead;
  readonly contents: readonly DiscContent[];
  readonly checked: CheckedContents;
  /** False: the sum of the image is known already. */
  readonly summed: boolean;
  readonly stop: AbortSignal;
  /** Bytes. */
  progress(done: number): void;
}

/** Up to here a file is read at once: a round through the event loop costs more. */
const SMALL = 2 ** 16;
/** A pipe that stands where a file was would be waited for. */
const READ = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * Pours an image into a sink, and gives its SHA-256 unless it is known: everything is read once, and while one chunk is summed the next one is
 * read and the last one written. Throws a `STEP_FAILED` for a file that is not what its sum says, that is missing or that somebody writes to, and what the
 * sink throws.
 */
export async function pourImage(
  { head, contents, checked, ...watch }: Pouring,
  sink: ImageSink,
): Promise<string | undefined> {
  const writer = await createChunkWriter(sink, watch);
  try {
    await writer.put(head.bytes);
    for (const content of contents) {
      await putContent(content, writer, checked);
      await writer.endBlock();
    }
    const { size, sha256 } = await writer.end();
    if (size !== head.size) throw new MetalK8sError('INTERNAL', `an image of ${size} bytes, not ${head.size}`);
    return sha256;
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

async function putContent(content: DiscContent, writer: ChunkWriter, checked: CheckedContents): Promise<void> {
  const { source, size } = content;
  if ('content' in source) return writer.put(source.content);
  const { file } = source;
  if (size > SMALL) return putLarge(file, content, { writer, checked });
  await writer.put(readingFrom(file, () => readSmall(file, content, checked)));
}

async function putLarge(
  path: string,
  content: DiscContent,
  { writer, checked }: { writer: ChunkWriter; checked: CheckedContents },
): Promise<void> {
  const file = await open(path, READ).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  try {
    const stat = () => file.stat({ bigint: true });
    const check = checkWhileReading(path, content, { checked, stat: await stat() });
    for (let taken = 0; taken < content.size; ) {
      const space = writer.space();
      const reading = file.read(space, 0, Math.min(content.size - taken, space.length), taken);
      writer.sumUp();
      const { bytesRead } = await reading.catch((error: unknown) => {
        throw unreadable(path, error);
      });
      check.take(space.subarray(0, bytesRead));
      taken += bytesRead;
      await writer.advance(bytesRead);
    }
    check.end(await stat());
  } finally {
    await file.close();
  }
}

function readSmall(path: string, content: DiscContent, checked: CheckedContents): Uint8Array {
  const file = openSync(path, READ);
  try {
    const stat = () => fstatSync(file, { bigint: true });
    const check = checkWhileReading(path, content, { checked, stat: stat() });
    const bytes = Buffer.allocUnsafe(content.size);
    check.take(bytes.subarray(0, readSync(file, bytes, 0, content.size, 0)));
    check.end(stat());
    return bytes;
  } finally {
    closeSync(file);
  }
}

function readingFrom<Value>(path: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? unreadable(path, error) : error;
  }
}

function unreadable(path: string, cause: unknown): MetalK8sError {
  return new MetalK8sError('STEP_FAILED', 'a file that was to go on the disc cannot be read', {
    where: path,
    hint: 'Run again: what is missing in the cache is fetched anew. If it is there, look at its owner and at the disk.',
    cause,
  });
}
