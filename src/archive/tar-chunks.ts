import { createReadStream } from 'node:fs';
import { Header, Pax } from 'tar';
import { MetalK8sError } from '../errors/metalk8s-error.ts';

/** A file of a tar archive: bytes, or so many of a file. */
export type TarFile =
  | { readonly path: string; readonly content: Uint8Array }
  | { readonly path: string; readonly file: string; readonly size: number };

const BLOCK = 512;

export interface TarOptions {
  /** Permission bits of each file. */
  readonly mode: number;
  readonly modified: Date;
}

/**
 * The bytes of a tar archive (POSIX ustar, with extended headers for long paths) of regular files, in their order, owned by root and without
 * dates: the same files always make the same archive. Throws a `VERIFICATION_FAILED` for a file that does not have its size.
 */
export async function* tarChunks(
  files: Iterable<TarFile> | AsyncIterable<TarFile>,
  options: TarOptions = { mode: 0o644, modified: new Date(0) },
): AsyncGenerator<Uint8Array> {
  for await (const each of files) {
    const size = 'content' in each ? each.content.length : each.size;
    yield header(each.path, size, options);
    yield* 'content' in each ? [each.content] : chunksOf(each.file, size);
    yield Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
  }
  yield Buffer.alloc(2 * BLOCK);
}

function header(path: string, size: number, { mode, modified }: TarOptions): Uint8Array {
  const block = Buffer.alloc(BLOCK);
  const fields = { path, size, mode, uid: 0, gid: 0, mtime: modified, type: 'File' } as const;
  const isTooLong = new Header(fields).encode(block);
  return isTooLong ? Buffer.concat([new Pax({ path, size }).encode(), block]) : block;
}

async function* chunksOf(file: string, size: number): AsyncGenerator<Uint8Array> {
  let left = size;
  const content: AsyncIterable<Uint8Array> = createReadStream(file, { highWaterMark: 1024 * 1024 });
  try {
    for await (const chunk of content) {
      left -= chunk.length;
      if (left < 0) break;
      yield chunk;
    }
  } catch (cause) {
    throw damaged('The file cannot be read', file, cause);
  }
  if (left !== 0) throw damaged(`The file does not have the ${size} bytes that it should have`, file);
}

function damaged(message: string, where: string, cause?: unknown): MetalK8sError {
  const hint = 'Verify the archive; if it is damaged, copy it again.';
  return new MetalK8sError('VERIFICATION_FAILED', message, { where, hint, ...(cause === undefined ? {} : { cause }) });
}
