import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** Debian's own interpreter: another `python3` on PATH may lack venv or be of another version. */
const PYTHON = '/usr/bin/python3';

/**
 * Installs what a requirements file pins, by hash and without looking for further dependencies, into a directory
 * (the layout of `pip install --target`). The user's ordinary pip configuration (index, certificates) is obeyed.
 * Throws with pip's words when a package cannot be had or has another hash.
 */
export async function pipInstall(requirements: string, target: string): Promise<void> {
  const venv = `${target}.venv`;
  try {
    await execa(PYTHON, ['-m', 'venv', venv]);
    const options = ['--require-hashes', '--no-deps', '--no-compile', '--disable-pip-version-check', '--quiet'];
    await execa(join(venv, 'bin/python3'), [
      '-m',
      'pip',
      'install',
      ...options,
      '--target',
      target,
      '--requirement',
      requirements,
    ]);
  } finally {
    await rm(venv, { recursive: true, force: true });
  }
}
