import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Installs the npm packages when those in node_modules are not the ones of package-lock.json.
 * A stamp in node_modules holds the lock's digest; `npm ci` removes it with the folder, so an interrupted install is repeated.
 *
 * @param {string} root the repository
 * @param {(command: string, args: string[]) => boolean} run runs a command, tells whether it ended well
 * @returns {string | undefined} what is wrong and what to do, or undefined
 */
export function ensureNodePackages(root, run) {
  const digest = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.installed-lock');
  const runtime = join(runtimeDirectory(root), 'node');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest && existsSync(runtime)) return undefined;
  if (!run('npm', ['ci', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'])) {
    return 'npm ci failed (see above). It needs npm 9 or later and a reachable npm registry.';
  }
  if (!existsSync(runtime)) {
    return `There is no pinned Node.js for ${process.platform}/${process.arch}: Linux on x64 or arm64 is needed.`;
  }
  writeFileSync(stamp, digest);
  return undefined;
}

/**
 * The folder with the pinned Node.js. Not `node_modules/.bin`: npm 9 removes the link there again when it drops the
 * package of the other architecture.
 *
 * @param {string} root the repository
 */
export function runtimeDirectory(root) {
  return join(root, 'node_modules', `node-linux-${process.arch}`, 'bin');
}
