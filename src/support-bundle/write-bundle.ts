import { open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type TarFile, tarChunks } from '../archive/tar-chunks.ts';
import { isMetalK8sError, MetalK8sError } from '../errors/metalk8s-error.ts';
import { draftPath } from '../hosts/draft-path.ts';

/**
 * Writes a `.tar.gz` that only its owner may read, whole or not at all. Gives its size in bytes. Throws a `STEP_FAILED` that names the file when it
 * cannot be written, and what `files` throws.
 */
export async function writeBundle(path: string, files: AsyncIterable<TarFile>, now: Date): Promise<number> {
  const draft = draftPath(path);
  let taking: unknown;
  const watched = watch(files, (error) => {
    taking = error;
  });
  try {
    // What a killed run left is replaced.
    await rm(draft, { force: true });
    const handle = await open(draft, 'wx', 0o600);
    try {
      await pipeline(
        tarChunks(watched, { mode: 0o600, modified: now }),
        createGzip(),
        async (chunks: AsyncIterable<Uint8Array>) => {
          for await (const chunk of chunks) await handle.appendFile(chunk);
        },
      );
      await handle.sync();
      const { size } = await handle.stat();
      await rename(draft, path);
      return size;
    } finally {
      await handle.close();
    }
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {});
    if (taking !== undefined) throw taking;
    if (isMetalK8sError(cause)) throw cause;
    throw new MetalK8sError('STEP_FAILED', 'the bundle cannot be written', {
      where: path,
      hint: 'Name another file with --output, in a folder that exists and has room.',
      cause,
    });
  }
}

async function* watch(files: AsyncIterable<TarFile>, onError: (error: unknown) => void): AsyncGenerator<TarFile> {
  try {
    yield* files;
  } catch (error) {
    onError(error);
    throw error;
  }
}
