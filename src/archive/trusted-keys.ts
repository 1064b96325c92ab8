import { constants } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type KeyBlock, readPublicKeys } from '../disc/openpgp/public-key.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';

/** Where the public keys that a host trusts lie, one or several in a file. */
export const TRUST_DIRECTORY = '/etc/metalk8s/trust';

/** A key that the operator brought by another way than the archive. */
export interface TrustedKey extends KeyBlock {
  /** The file that it comes from. */
  readonly file: string;
}

const LARGEST_KEY_FILE = 2 ** 20;
const WRITABLE_BY_ALL = 0o002;

/**
 * The keys of the named files, or of every file in `directory` when none is named; none where that does not exist. Throws a `USAGE` for a
 * file that cannot be read or holds no public key, for one that lies in the archive that it is to verify, and for a directory that everyone
 * may write to.
 */
export async function loadTrustedKeys(
  archive: string,
  files: readonly string[] | undefined,
  directory = TRUST_DIRECTORY,
): Promise<TrustedKey[]> {
  const named = files ?? (await filesIn(directory));
  const keys = await Promise.all(named.map((file) => keysOf(file, archive)));
  return keys.flat();
}

async function filesIn(directory: string): Promise<string[]> {
  try {
    const names = (await readdir(directory)).filter((name) => !name.startsWith('.'));
    const paths = names.sort().map((name) => join(directory, name));
    for (const path of [directory, ...paths])
      if (((await stat(path)).mode & WRITABLE_BY_ALL) !== 0)
        throw unfit(path, 'everyone may change which keys are trusted', 'Let only root write there: chmod o-w');
    return paths;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error instanceof MetalK8sError ? error : unreadable(directory, error);
  }
}

async function keysOf(file: string, archive: string): Promise<TrustedKey[]> {
  const content = await contentOf(file, archive);
  try {
    return readPublicKeys(content).map((block) => ({ ...block, file }));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const hint = 'Give the public key as gpg --export, with or without --armor, writes it.';
    throw unfit(file, `this is no public key: ${error.message}`, hint);
  }
}

async function contentOf(file: string, archive: string): Promise<Buffer> {
  try {
    const [from, to] = await Promise.all([realpath(archive), realpath(file)]);
    if (!/^\.\.(?:\/|$)/.test(relative(from, to)))
      throw unfit(file, 'a key that comes with the archive proves nothing', 'Take the key from where you trust it.');
    return await readKeyFile(file);
  } catch (error) {
    throw error instanceof MetalK8sError ? error : unreadable(file, error);
  }
}

/** Waits for no pipe, and reads no more than it takes to see that there is too much. */
async function readKeyFile(file: string): Promise<Buffer> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) throw unfit(file, 'this is no file', 'Give a key file.');
    const parts = await handle.createReadStream({ end: LARGEST_KEY_FILE, autoClose: false }).toArray();
    const content = Buffer.concat(parts);
    if (content.length > LARGEST_KEY_FILE)
      throw unfit(file, 'this is no public key: it is too large', 'Give a key file.');
    return content;
  } finally {
    await handle.close();
  }
}

function unreadable(where: string, cause: unknown): MetalK8sError {
  return new MetalK8sError('USAGE', 'a trusted key cannot be read', {
    where,
    hint: 'Give a file that exists and that you may read.',
    cause,
  });
}

function unfit(where: string, message: string, hint: string): MetalK8sError {
  return new MetalK8sError('USAGE', message, { where, hint });
}
