import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** Debian's own interpreter: another `python3` on PATH may lack venv or be of another version. */
const PYTHON = '/usr/bin/python3';

/** What to install, where, and with what. */
export interface PipInstallation {
  /** A requirements file with the hash of everything. */
  readonly requirements: string;
  /** Where packages go, in the layout of `pip install --target`. */
  readonly target: string;
  /** A requirements file of the tools that build packages which come as source; none may come so without it. */
  readonly buildRequirements?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Installs what a requirements file pins, by hash and without looking for further dependencies. The user's ordinary
 * pip configuration (index, certificates) is obeyed. Throws with pip's words when a package cannot be had or has another hash.
 */
export async function pipInstall({ requirements, target, buildRequirements, env }: PipInstallation): Promise<void> {
  await withVenv(target, async (python) => {
    const pinned = ['install', '--require-hashes', '--no-deps', '--no-compile'];
    if (buildRequirements) await pip(python, [...pinned, '--requirement', buildRequirements]);
    const sources = buildRequirements ? ['--no-build-isolation'] : ['--only-binary', ':all:'];
    await pip(python, [...pinned, ...sources, '--target', target, '--requirement', requirements], env);
  });
}

/** Runs a piece of work with the interpreter of a fresh virtual environment beside a path, which is removed afterwards. */
export async function withVenv<T>(beside: string, work: (python: string) => Promise<T>): Promise<T> {
  const venv = `${beside}.venv`;
  try {
    await execa(PYTHON, ['-m', 'venv', venv]);
    return await work(join(venv, 'bin/python3'));
  } finally {
    await rm(venv, { recursive: true, force: true });
  }
}

/** Runs the pip of an interpreter. */
export async function pip(python: string, args: readonly string[], env: Record<string, string> = {}): Promise<void> {
  const options = { env: { PIP_DISABLE_PIP_VERSION_CHECK: '1', ...env }, stdin: 'ignore' } as const;
  // Nothing that pip starts may outlive a test run that was killed, hence setpriv.
  await execa('setpriv', ['--pdeathsig', 'KILL', '--', python, '-m', 'pip', '--quiet', ...args], options);
}
