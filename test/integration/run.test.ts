import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

const SCRIPTS = join(import.meta.dirname, '..', '..', 'scripts');

/** What an ordinary user finds where the program runs. */
const PROGRAM = `
import { spawnSync } from 'node:child_process';
const setpriv = ['--reuid=65534', '--regid=65534', '--clear-groups', 'cat', import.meta.filename];
const seen = spawnSync('setpriv', setpriv, { encoding: 'utf8' }).stdout !== '';
process.stdout.write(JSON.stringify({ words: process.argv.slice(2), seen, umask: process.umask() }));
`;

/** A clone with nothing in it but what starts programs, a program, and an installed Node.js. */
async function makeClone(clone: string): Promise<void> {
  const runtime = join(clone, 'node_modules', `node-linux-${process.arch}`, 'bin');
  await mkdir(join(clone, 'scripts'), { recursive: true });
  await mkdir(runtime, { recursive: true });
  const modules = (await readdir(SCRIPTS)).filter((name) => name.endsWith('.mjs'));
  for (const name of modules) await copyFile(join(SCRIPTS, name), join(clone, 'scripts', basename(name)));
  await writeFile(join(clone, 'package-lock.json'), '{}');
  await writeFile(join(clone, 'node_modules', '.installed-lock'), createHash('sha256').update('{}').digest('hex'));
  await symlink(process.execPath, join(runtime, 'node'));
  await writeFile(join(clone, 'scripts', 'tell.ts'), PROGRAM);
}

function start(clone: string, ...words: readonly string[]) {
  const command = ['umask 077; exec "$@"', 'sh', process.execPath, join(clone, 'scripts/run.mjs'), ...words];
  return execa('sh', ['-c', ...command], { reject: false, stdin: 'ignore', timeout: 20_000 });
}

test('a clone below a closed folder runs where ordinary users can get at it, and nothing of that stays', () =>
  inTemporaryDirectory(async (directory) => {
    const clone = join(directory, 'clone');
    await makeClone(clone);
    const before = await readdir('/var/opt');
    const { exitCode, stdout, stderr } = await start(clone, '--for-all', 'scripts/tell.ts', 'a word', '--for-all');
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ words: ['a word', '--for-all'], seen: true, umask: 0o022 });
    expect(await readdir('/var/opt')).toEqual(before);
    // Elsewhere it is not asked for.
    expect(JSON.parse((await start(clone, 'scripts/tell.ts')).stdout)).toEqual({
      words: [],
      seen: false,
      umask: 0o077,
    });
  }));

test.each([
  ['its own folder is closed', '.'],
  ['folders in it are', 'scripts'],
])('a clone is opened and said to be where %s, and runs once', (_title, closed) =>
  inTemporaryDirectory(async (directory) => {
    const clone = join(directory, 'clone');
    await makeClone(clone);
    await chmod(join(clone, closed), 0o700);
    const { exitCode, stdout, stderr } = await start(clone, '--for-all', 'scripts/tell.ts');
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ seen: true });
    expect(stderr).toBe(`+ chmod -R a+rX ${clone}`);
  }),
);
