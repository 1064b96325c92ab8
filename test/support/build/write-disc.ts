import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DiscFile } from '../../../src/disc/disc-file.ts';

/** Writes files of a disc below a directory, as a mounted disc would have them. */
export async function writeDisc(directory: string, files: readonly DiscFile[]): Promise<void> {
  for (const { path, source } of files) {
    const target = join(directory, path);
    await mkdir(dirname(target), { recursive: true });
    if ('content' in source) await writeFile(target, source.content);
    else await copyFile(source.file, target);
  }
}
