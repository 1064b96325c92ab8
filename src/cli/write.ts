import type { Writable } from 'node:stream';

/** What a stream says when nobody reads it any more: a pipe without a reader, a terminal that was closed. */
const GONE = new Set(['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED']);

/**
 * Writes a text and waits until it has left this process. Resolves as well when the reader has gone: it wants no more, which is no
 * failure. Rejects when data would be lost otherwise (a full disk).
 */
export function write(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error === null || error === undefined || isGone(error)) resolve();
      else reject(error);
    });
  });
}

/** Keeps a stream whose reader has gone from ending the process: whoever writes learns of errors from its own write. */
export function keepAlive(stream: Writable): void {
  stream.on('error', ignore);
}

export function release(stream: Writable): void {
  stream.off('error', ignore);
}

function ignore(): void {}

function isGone(error: NodeJS.ErrnoException): boolean {
  return error.code !== undefined && GONE.has(error.code);
}
