import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** @typedef {(command: string, args: string[], path?: string) => boolean} Run */

/** Debian 12 brought this one; package.json says the same, but npm only warns. */
const OLDEST_TO_START = [18, 19];

/** npm skips native parts whose `engines` refuse the Node.js it runs on; these development tools want this one at least. */
const OLDEST_FOR_ALL_PACKAGES = [20, 19];

/**
 * Installs the npm packages when those in node_modules are not the ones of package-lock.json.
 * A stamp in node_modules holds the lock's digest; `npm ci` removes it with the folder, so an interrupted install is repeated.
 *
 * @param {string} root the repository
 * @param {Run} run runs a command, with another PATH if given; tells whether it ended well
 * @returns {string | undefined} what is wrong and what to do, or undefined
 */
export function ensureNodePackages(root, run) {
  const digest = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.installed-lock');
  const runtime = join(runtimeDirectory(root), 'node');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest && existsSync(runtime)) return undefined;
  if (isOlder(process.versions.node, OLDEST_TO_START)) {
    return `Node.js ${OLDEST_TO_START.join('.')} or later is needed to start; this is ${process.versions.node}.`;
  }
  const installed = isOlder(process.versions.node, OLDEST_FOR_ALL_PACKAGES) ? installTwice(root, run) : install(run);
  if (!installed) return 'npm ci failed (see above). It needs npm 9 or later and a reachable npm registry.';
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

/**
 * @param {string} version
 * @param {number[]} limit major and minor
 */
export function isOlder(version, [limitMajor = 0, limitMinor = 0]) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < limitMajor || (major === limitMajor && minor < limitMinor);
}

/**
 * First the run-time packages, the pinned Node.js among them; then everything, by npm on that Node.js.
 *
 * @param {string} root
 * @param {Run} run
 */
function installTwice(root, run) {
  if (!install(run, ['--omit=dev'])) return false;
  const aside = mkdtempSync(join(tmpdir(), 'metalk8s-node-'));
  try {
    copyFileSync(join(runtimeDirectory(root), 'node'), join(aside, 'node'));
    return install(run, [], `${aside}${delimiter}${process.env.PATH ?? ''}`);
  } finally {
    rmSync(aside, { recursive: true });
  }
}

/**
 * @param {Run} run
 * @param {string[]} [options]
 * @param {string} [path]
 */
function install(run, options = [], path = undefined) {
  return run('npm', ['ci', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error', ...options], path);
}
