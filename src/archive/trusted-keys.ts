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

/** Which keys are trusted. */
export interface Trust {
  /** Files of public keys; undefined: every file in `trustDirectory`. */
  readonly trusted: readonly string[] | undefined;
  readonly trustDirectory: string;
  /** Where the disc is mounted that the program was started from, though it may be out by now. No key on it is trusted, whatever archive it is to verify. */
  readonly origin: string | undefined;
}

/**
 * The keys that may have signed an archive; none where `trustDirectory` does not exist. Throws a `USAGE` for a file that cannot be read or
 * holds no public key, for one that lies in the archive or on the disc that the program came from, and for a directory that everyone may
 * write to.
 */
export async function loadTrustedKeys(
  archive: string,
  { trusted, trustDirectory, origin }: Trust,
): Promise<TrustedKey[]> {
  const named = trusted ?? (await filesIn(trustDirectory));
  const keys = await Promise.all(named.map((file) => keysOf(file, { archive, origin })));
  return keys.flat();
}

async function filesIn(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw unreadable(directory, error);
  });
  if (names === undefined) return [];
  const shown = names.filter((name) => !name.startsWith('.')).sort();
  const paths = shown.map((name) => join(directory, name));
  for (const path of [directory, ...paths]) await refuseWritableByAll(path);
  return paths;
}

async function refuseWritableByAll(path: string): Promise<void> {
  const { mode } = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if ((mode & WRITABLE_BY_ALL) !== 0)
    throw unfit(path, 'everyone may change which keys are trusted', 'Let only root write there: chmod o-w');
}

/** Where untrusted keys lie. */
type Untrusted = { readonly archive: string } & Pick<Trust, 'origin'>;

async function keysOf(file: string, untrusted: Untrusted): Promise<TrustedKey[]> {
  const content = await contentOf(file, untrusted);
  try {
    return readPublicKeys(content).map((block) => ({ ...block, file }));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const hint = 'Give the public key as gpg --export, with or without --armor, writes it.';
    throw unfit(file, `this is no public key: ${error.message}`, hint);
  }
}

async function contentOf(file: string, { archive, origin }: Untrusted): Promise<Buffer> {
  try {
    const started = origin === undefined ? [] : await realpath(origin).then((path) => [path], none);
    const [to, from] = await Promise.all([realpath(file), realpath(archive)]);
    if ([from, ...started].some((folder) => !/^\.\.(?:\/|$)/.test(relative(folder, to))))
      throw unfit(file, 'a key that comes with the archive proves nothing', 'Take the key from where you trust it.');
    return await readKeyFile(file);
  } catch (error) {
    throw error instanceof MetalK8sError ? error : unreadable(file, error);
  }
}

/** For a disc that is out. */
function none(error: NodeJS.ErrnoException): readonly string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
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
    hint: 'Give a file that exists and that you may read, not a link that leads nowhere.',
    cause,
  });
}

function unfit(where: string, message: string, hint: string): MetalK8sError {
  return new MetalK8sError('USAGE', message, { where, hint });
}
