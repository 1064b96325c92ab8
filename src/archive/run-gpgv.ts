import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { type GpgvVerdict, readGpgvStatus } from '../disc/openpgp/gpgv-status.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { inputError } from './input-error.ts';

/** What gpgv is asked. */
export interface GpgvQuestion {
  readonly content: Uint8Array;
  readonly signature: Uint8Array;
  /** Binary public keys: the only ones that count. */
  readonly keyring: Uint8Array;
}

/**
 * Asks gpgv about a detached signature. It works on copies in a directory of our own, so that what it judges is what we have read. Clocks
 * of closed sites are often wrong, so dates that lie ahead are no reason to refuse. Throws a `PREFLIGHT_FAILED` where there is no gpgv, none
 * that can be started, or no place for the copies.
 */
export async function runGpgv(question: GpgvQuestion): Promise<GpgvVerdict> {
  const folder = resolve(tmpdir());
  const directory = await mkdtemp(join(folder, 'metalk8s-gpgv-')).catch((cause) => {
    throw inputError(cause) ? withoutRoom(folder, cause) : cause;
  });
  try {
    return await askGpgv(directory, await writeQuestion(directory, question));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

interface QuestionFiles {
  readonly content: string;
  readonly signature: string;
  readonly keyring: string;
}

async function writeQuestion(directory: string, question: GpgvQuestion): Promise<QuestionFiles> {
  const file = (name: string) => join(directory, name);
  const files = { content: file('content'), signature: file('signature'), keyring: file('keyring') };
  try {
    await writeFile(files.content, question.content);
    await writeFile(files.signature, question.signature);
    await writeFile(files.keyring, question.keyring);
    return files;
  } catch (error) {
    throw inputError(error) ? withoutRoom(directory, error) : error;
  }
}

async function askGpgv(directory: string, { content, signature, keyring }: QuestionFiles): Promise<GpgvVerdict> {
  const result = await execa(
    'gpgv',
    [
      ...['--homedir', directory, '--keyring', keyring, '--ignore-time-conflict', '--status-fd', '1'],
      ...['--', signature, content],
    ],
    // The caller's own folder may be gone by now, or one that only root may enter.
    { reject: false, stdin: 'ignore', cwd: directory, env: { LC_ALL: 'C.UTF-8' } },
  );
  if (result.code === 'ENOENT') throw withoutGpgv(result.cause);
  if (result.exitCode === undefined) throw withoutAnswer(result.shortMessage ?? '', result.cause);
  const verdict = readGpgvStatus(result.stdout);
  return verdict.kind === 'unknown' ? { ...verdict, status: `${verdict.status} ${result.stderr}`.trim() } : verdict;
}

function withoutRoom(where: string, cause: unknown): MetalK8sError {
  return new MetalK8sError('PREFLIGHT_FAILED', 'temporary files cannot be written, which gpgv needs', {
    where,
    hint: 'See to it that there is room and that it can be written, or name another folder: TMPDIR=/var/tmp.',
    cause,
  });
}

function withoutGpgv(cause: unknown): MetalK8sError {
  return new MetalK8sError('PREFLIGHT_FAILED', 'gpgv is needed to verify signatures, and it is not there', {
    where: 'PATH',
    hint: 'Install it: package gnupg2 on Enterprise Linux, gpgv on Debian and Ubuntu.',
    cause,
  });
}

/** Nothing is said about the signature by that. */
function withoutAnswer(message: string, cause: unknown): MetalK8sError {
  return new MetalK8sError('PREFLIGHT_FAILED', 'gpgv, which verifies signatures, could not be run to its end', {
    where: 'PATH',
    hint: `See what \`gpgv --version\` says: ${message}`,
    cause,
  });
}
