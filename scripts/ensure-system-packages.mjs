import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ name: string, program: string | undefined }} SystemPackage */

/**
 * Sees to it that the packages of scripts/system-packages.txt are there: on Debian as root it installs what is missing,
 * elsewhere it says what is missing.
 *
 * @param {string} root the repository
 * @param {(command: string, args: string[]) => boolean} run runs a command, tells whether it ended well
 * @returns {string | undefined} what is wrong and what to do, or undefined
 */
export function ensureSystemPackages(root, run) {
  const wanted = parseSystemPackages(readFileSync(join(root, 'scripts', 'system-packages.txt'), 'utf8'));
  if (!isDebian()) return missingPrograms(wanted);
  const missing = wanted.filter(({ name }) => !isInstalled(name)).map(({ name }) => name);
  if (missing.length === 0) return undefined;
  const install = ['install', '--yes', '--no-install-recommends', ...missing];
  if (process.getuid?.() !== 0) {
    return `Debian packages are missing. As root: apt-get update && apt-get ${install.join(' ')}`;
  }
  if (run('apt-get', ['update']) && run('apt-get', install)) return undefined;
  return `apt-get could not install ${missing.join(' ')} (see above).`;
}

/**
 * @param {string} text one `package [program]` a line; `#` starts a comment
 * @returns {SystemPackage[]}
 */
export function parseSystemPackages(text) {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', program] = line.split(/\s+/);
      return { name, program };
    });
}

function isDebian() {
  const path = '/etc/os-release';
  return existsSync(path) && /^ID=debian$/m.test(readFileSync(path, 'utf8'));
}

/** @param {string} name */
function isInstalled(name) {
  const result = spawnSync('dpkg-query', ['--show', '--showformat=${db:Status-Status}', name], { encoding: 'utf8' });
  return result.status === 0 && result.stdout === 'installed';
}

/** @param {SystemPackage[]} wanted */
function missingPrograms(wanted) {
  const missing = wanted.filter(({ program }) => program !== undefined && !isOnPath(program));
  if (missing.length === 0) return undefined;
  const rows = missing.map(({ name, program }) => `  ${program} (Debian package ${name})`);
  return `This is not Debian, so nothing is installed for you. Missing programs:\n${rows.join('\n')}`;
}

/** @param {string} program */
function isOnPath(program) {
  const directories = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
  return directories.some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
