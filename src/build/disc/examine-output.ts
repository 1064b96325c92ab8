import { constants, type Stats } from 'node:fs';
import { access, lstat, realpath, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';

/** Where a disc goes. All paths are absolute. */
export interface Output {
  /** `NAME.iso`, or the directory `NAME.iso.parts`. */
  readonly path: string;
  readonly directory: string;
  /** `NAME.iso`. */
  readonly name: string;
  /** Beside it, who made it when and where: `NAME.iso.build.json`. */
  readonly record: string;
  readonly exists: boolean;
}

/** Room for what is put around a name while its file is written. */
const LONGEST_NAME = 160;
const NOT_THERE: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR']);

/**
 * Looks at where a disc is to be written, before anything is done for it. Throws a `USAGE` for what can be no output: a folder that is not
 * there or may not be written to, a directory, pipe or device in its place.
 */
export async function examineOutput(output: string, { inParts }: { readonly inParts: boolean }): Promise<Output> {
  const wanted = await withoutLink(resolve(output));
  const name = basename(wanted);
  if (output === '' || output.endsWith('/') || name === '') throw unfit(output, 'names no file');
  if (Buffer.byteLength(name) > LONGEST_NAME) throw unfit(output, `has a name of more than ${LONGEST_NAME} bytes`);
  const directory = dirname(wanted);
  await checkFolder(directory);
  const path = inParts ? `${wanted}.parts` : wanted;
  const found = await lookAt(path);
  if (found && !(inParts ? found.isDirectory() : found.isFile())) throw unfit(path, `is ${kindOf(found)}`);
  const record = `${path}.build.json`;
  const other = await lookAt(record);
  if (other && !other.isFile()) throw unfit(record, `is ${kindOf(other)}`);
  return { path, directory, name, record, exists: found !== undefined };
}

async function withoutLink(path: string): Promise<string> {
  if (!(await lookAt(path))?.isSymbolicLink()) return path;
  return realpath(path).catch(() => {
    throw unfit(path, 'is a link to nothing');
  });
}

async function checkFolder(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => undefined);
  if (!found) throw unfit(directory, 'does not exist', 'Make the folder first, or name another place by --output.');
  if (!found.isDirectory()) throw unfit(directory, 'is no folder');
  await access(directory, constants.W_OK | constants.X_OK).catch((cause: unknown) => {
    throw unfit(directory, 'may not be written to', 'Name a folder of yours by --output.', cause);
  });
}

async function lookAt(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && NOT_THERE.has(error.code)) return undefined;
    throw unfit(path, 'cannot be looked at', undefined, error);
  }
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'a directory';
  if (found.isFIFO()) return 'a pipe';
  if (found.isBlockDevice() || found.isCharacterDevice()) return 'a device';
  if (found.isSymbolicLink()) return 'a link';
  return found.isFile() ? 'a file' : 'a socket';
}

function unfit(where: string, why: string, hint?: string, cause?: unknown): MetalK8sError {
  return new MetalK8sError('USAGE', `the output ${why}`, {
    where,
    hint: hint ?? 'Name a file by --output: build/metalk8s.iso. To write a medium, copy the finished file onto it.',
    ...(cause === undefined ? {} : { cause }),
  });
}
