import { join } from 'node:path';
import { hashFiles } from '../../cache.ts';
import type { ComponentRecipe } from '../component.ts';
import { makeOnedir, ONEDIR_PACKAGES, ONEDIR_ROOT, SALT_COMMANDS } from '../salt/onedir.ts';

/** The newest release whose dependencies PyPI served in full when it was pinned. */
const VERSION = '3008.3';
const FOLDER = join(import.meta.dirname, '../salt');
const REQUIREMENTS = join(FOLDER, 'requirements.txt');
const BUILD_REQUIREMENTS = join(FOLDER, 'build-requirements.txt');

/** What the two requirements files pin: Salt, and what building it and its sources takes. */
export const SALT_REQUIREMENTS = {
  [REQUIREMENTS]: [`salt==${VERSION}`],
  [BUILD_REQUIREMENTS]: ['setuptools', 'wheel', 'looseversion', 'packaging', 'importlib-metadata>=8.7.0', 'Cython'],
};

/**
 * Salt with a Python of its own, as a tree `opt/saltstack/salt` like upstream's, which may lie under any root directory
 * and asks nothing of the host but a C library as new as Debian 12's.
 */
export function salt(): ComponentRecipe {
  return {
    name: 'salt',
    version: VERSION,
    programs: [
      { file: join(ONEDIR_ROOT, 'bin/salt-call'), versionArguments: ['--version'], says: `salt-call ${VERSION}` },
    ],
    usualSeconds: 90,
    async inputs() {
      const files = ['requirements.txt', 'build-requirements.txt', 'onedir.ts', 'command.py', 'sitecustomize.py'];
      const pinned = await hashFiles(files.map((file) => join(FOLDER, file)));
      return { pinned, packages: ONEDIR_PACKAGES, commands: SALT_COMMANDS, architecture: process.arch };
    },
    make: (directory) => makeOnedir({ directory, requirements: REQUIREMENTS, buildRequirements: BUILD_REQUIREMENTS }),
  };
}
