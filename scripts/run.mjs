/**
 * Starts a TypeScript program of this repository, after the set-up it needs:
 *
 *   node scripts/run.mjs [--system] [--for-all] PROGRAM.ts [ARGUMENT…]
 *
 * Sees to it that the npm packages of package-lock.json are installed and, with --system, the system packages of
 * scripts/system-packages.txt. Then runs PROGRAM on the Node.js that package.json pins; with --for-all in a place that
 * ordinary users can get at, because tests run programs of ours as such, and a clone may be in root's home. A clone that is
 * itself closed to them, as one in a folder of mktemp or made with a hard umask, is opened.
 * Runs itself on Node.js 18 and later and uses nothing but Node.js, because on a fresh clone there is nothing else.
 */
import { spawn, spawnSync } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closedFolderAbove, isClosed } from './closed-folder.mjs';
import { ensureNodePackages, runtimeDirectory } from './ensure-node-packages.mjs';
import { ensureSystemPackages } from './ensure-system-packages.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where the repository is for who cannot get at its own place: a folder of every Linux (FHS 3.0), so that none has to be made, and removed. */
const ELSEWHERE = '/var/opt';

main(process.argv.slice(2));

/** @param {string[]} argv */
function main(argv) {
  const options = ['--system', '--for-all'];
  const first = argv.findIndex((argument) => !options.includes(argument));
  const program = argv[first];
  if (program === undefined) return fail('usage: node scripts/run.mjs [--system] [--for-all] PROGRAM.ts [ARGUMENT…]');
  const given = argv.slice(0, first);
  const forAll = given.includes('--for-all') && process.getuid?.() === 0;
  const problem =
    (forAll ? openForAll() : undefined) ??
    ensureNodePackages(root, run) ??
    (given.includes('--system') ? ensureSystemPackages(root, run) : undefined);
  if (problem !== undefined) return fail(problem);
  const again = given.filter((option) => option !== '--for-all');
  if (forAll && closedFolderAbove(root) !== undefined) startElsewhere([...again, ...argv.slice(first)]);
  else start(program, argv.slice(first + 1));
}

/**
 * Lets ordinary users read and run what is in the repository, with all that is made there from here on.
 * @returns {string | undefined} what is wrong and what to do, or undefined
 */
function openForAll() {
  process.umask(0o022);
  if (!isClosed(root) && !isClosed(join(root, 'scripts'))) return undefined;
  // Were it left as it is, it would be closed at any other place as well.
  if (run('chmod', ['-R', 'a+rX', root])) return undefined;
  return `Ordinary users cannot get at ${root}, and tests run programs in it as such. Clone it to another file system.`;
}

/** @param {string} message */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
}

/**
 * Runs a set-up command; its standard output goes to our standard error, so that data on stdout stays clean.
 * @param {string} command
 * @param {string[]} args
 * @param {string} [path] a PATH other than ours
 * @returns {boolean} whether it ended well
 */
function run(command, args, path = process.env.PATH) {
  process.stderr.write(`+ ${command} ${args.join(' ')}\n`);
  // RUNLEVEL=1 keeps Debian's packages from starting their services: tests start what they need.
  const environment = { ...process.env, PATH: path, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], env: environment });
  return result.status === 0;
}

/**
 * @param {string} program
 * @param {string[]} args
 */
function start(program, args) {
  const runtime = runtimeDirectory(root);
  const path = [runtime, join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  const child = spawn(join(runtime, 'node'), [join(root, program), ...args], {
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  });
  endWith(child, program);
}

/**
 * Starts this script again where the repository is under another path as well, in a mount namespace: nobody else sees that.
 *
 * @param {string[]} argv
 */
function startElsewhere(argv) {
  const script = 'mount --bind "$1" "$2" && cd "$2" && shift 2 && exec "$@"';
  const again = [process.execPath, join(ELSEWHERE, 'scripts', 'run.mjs'), ...argv];
  const shell = ['sh', '-c', script, 'sh', root, ELSEWHERE, ...again];
  endWith(spawn('unshare', ['--mount', '--propagation', 'slave', ...shell], { stdio: 'inherit' }), 'unshare');
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} name
 */
function endWith(child, name) {
  // The terminal sends SIGINT to the child as well, which decides what it means; SIGTERM and SIGHUP are passed on.
  process.on('SIGINT', () => {});
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`${name} cannot be started: ${error.message}`));
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 1;
    if (signal !== null) process.stderr.write(`${name} was ended by ${signal}\n`);
  });
}
