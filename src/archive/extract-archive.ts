import { createHash } from 'node:crypto';
import { chmod, link, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ExecaError, execa } from 'execa';
import { foldersOf } from '../disc/disc-path.ts';
import { discPaths } from '../disc/paths.ts';
import { sha256Of } from '../disc/sha256-of.ts';
import { renderSums, type Sum } from '../disc/sums.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { Archive, ReadContext } from './archive.ts';
import { equalFiles } from './equal-files.ts';
import { fileBytesOf } from './file-bytes.ts';
import { inputError } from './input-error.ts';
import { ArchiveRefused } from './refusal.ts';

const FOLDER = 0o755;
const LIST = 0o444;

/**
 * Writes the files of a verified archive into `directory`, which must not exist yet, and has it there whole or not at all: killed, it leaves
 * a folder of another name that the next call removes. Every file is hashed again as it is written, since nobody knows what has
 * happened to the archive in the meantime: throws a `VERIFICATION_FAILED` for one that differs. Throws a `STEP_FAILED` where it cannot write.
 * Equal files, as packages that several platforms have, are written once and get several names, so that the folder takes no more room than
 * the image.
 */
export async function extractArchive(
  archive: Archive,
  sums: readonly Sum[],
  directory: string,
  context: ReadContext,
): Promise<void> {
  const partial = `${directory}.partial`;
  if (await exists(directory)) throw cannotWrite(directory, 'there is something already');
  try {
    await rm(partial, { recursive: true, force: true });
    await writeFiles(archive, sums, partial, context);
    await openUp(partial, sums);
    await execa('sync', ['--file-system', '.'], { cwd: partial });
    await rename(partial, directory);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw inputError(error) || error instanceof ExecaError
      ? cannotWrite(directory, 'the archive cannot be written', error)
      : error;
  }
}

async function writeFiles(
  archive: Archive,
  sums: readonly Sum[],
  directory: string,
  context: ReadContext,
): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const folder of foldersOf(sums.map(({ path }) => path)))
    await mkdir(join(directory, folder), { recursive: true });
  const total = await fileBytesOf(archive, sums);
  let done = 0;
  for (const { sha256, mode, paths } of equalFiles(sums)) {
    const [first, ...others] = paths;
    const found = await copyFile(archive, first, { directory, mode }, (bytes) => {
      context.stop.throwIfAborted();
      done += bytes;
      context.progress?.(done, total);
    });
    if (found !== sha256) throw changed(archive.path, first, found, sha256);
    for (const path of others) await link(join(directory, first), join(directory, path));
  }
  const list = await copyFile(archive, discPaths.sums, { directory, mode: LIST });
  const expected = sha256Of(renderSums(sums));
  if (list !== expected) throw changed(archive.path, discPaths.sums, list, expected);
  await copyFile(archive, discPaths.sumsSignature, { directory, mode: LIST });
}

/** Resolves to the sum of what was written. */
async function copyFile(
  archive: Archive,
  path: string,
  { directory, mode }: { readonly directory: string; readonly mode: number },
  wrote?: (bytes: number) => void,
): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(join(directory, path), 'wx', mode);
  try {
    await archive.stream(path, async (part) => {
      hash.update(part);
      await file.writeFile(part);
      wrote?.(part.length);
    });
    await file.chmod(mode);
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

async function openUp(directory: string, sums: readonly Sum[]): Promise<void> {
  for (const folder of ['', ...foldersOf(sums.map(({ path }) => path))]) await chmod(join(directory, folder), FOLDER);
}

function changed(where: string, path: string, found: string, expected: string): ArchiveRefused {
  const what = `changed: its SHA-256 is ${found}, and ${expected} was signed`;
  return new ArchiveRefused('The archive is no longer what was verified:', [{ path, what }], {
    where,
    hint: 'Copy the archive again from where it is intact, and verify it again.',
  });
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

function cannotWrite(where: string, message: string, cause?: unknown): MetalK8sError {
  return new MetalK8sError('STEP_FAILED', message, {
    where,
    hint: 'Name a folder that does not exist yet, on a file system with room that can be written to.',
    ...(cause === undefined ? {} : { cause }),
  });
}
