import { cp, mkdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { productVersion } from '../../src/cli/product-version.ts';
import type { SmallDisc } from '../support/launcher/disc.ts';
import {
  copiesOf,
  type LauncherGround,
  launcherGround,
  listCopies,
  SMALL_RUNTIME,
  TELL,
} from '../support/launcher/ground.ts';
import { busyboxTools, type StartOptions, start } from '../support/launcher/start.ts';

let ground: LauncherGround;
let disc: SmallDisc;
let telling: SmallDisc;

beforeAll(async () => {
  ground = await launcherGround();
  disc = await ground.disc('disc');
  telling = await ground.disc('telling', { program: TELL, runtime: SMALL_RUNTIME });
});
afterAll(() => ground.remove());

describe('the real runtime and command line', () => {
  const shells: readonly [string, () => Promise<StartOptions>][] = [
    ['dash', async () => ({ shell: ['dash'] })],
    ['bash as sh', async () => ({ shell: [await shellNamedSh()] })],
    [
      'busybox ash, with the tools of busybox alone',
      async () => {
        const { path, shell } = await busyboxTools(join(ground.directory, 'tools'));
        return { shell, env: { PATH: path } };
      },
    ],
  ];

  test.each(shells)('%s: copied, checked, run; the copy is kept', async (name, options) => {
    const person = await ground.person(name);
    const given = await options();
    const args = ['--trusted-key', ground.key.armoured, 'version', '-o', 'json'];
    const first = await start(disc, person, args, given);
    expect([first.exitCode, first.stderr]).toEqual([0, `metalk8s: copying the runtime to ${copiesOf(person)}`]);
    expect(JSON.parse(first.stdout)).toMatchObject({ metalk8s: productVersion, node: process.versions.node });

    const copies = await listCopies(person);
    expect(copies).toEqual([expect.stringMatching(new RegExp(`^${productVersion}-[0-9a-f]{16}$`))]);
    const node = join(copiesOf(person), copies[0] ?? '', 'runtime/bin/node');
    const { ino, mode } = await stat(node);
    expect(mode & 0o777).toBe(0o555);

    const second = await start(disc, person, args, given);
    expect([second.exitCode, second.stdout, second.stderr]).toEqual([0, first.stdout, '']);
    expect((await stat(node)).ino).toBe(ino);
    expect(await listCopies(person)).toEqual(copies);
  });

  test('started again, it costs a few starts of Node.js, not another look at 120 MB', async () => {
    const person = await ground.person('dash');
    const program = join(disc.directory, 'cli/bin/metalk8s.js');
    const launched: number[] = [];
    const bare: number[] = [];
    for (let run = 0; run < 5; run += 1) {
      const { exitCode, durationMs } = await start(disc, person, ['--trusted-key', ground.key.binary, 'version']);
      expect(exitCode).toBe(0);
      launched.push(durationMs);
      bare.push((await execa(process.execPath, [program, 'version'])).durationMs);
    }
    expect(Math.min(...launched)).toBeLessThan(5 * Math.min(...bare));
  });

  test('options for another Node.js are not for it', async () => {
    const person = await ground.person('node-options');
    const args = ['--trusted-key', ground.key.armoured, 'version', '-o', 'json'];
    const { exitCode, stdout, stderr } = await start(disc, person, args, { env: { NODE_OPTIONS: '--no-such-option' } });
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ metalk8s: productVersion });
  });

  test('the exit status is that of the command', async () => {
    const person = await ground.person('dash');
    const { exitCode, stderr } = await start(disc, person, ['--trusted-key', ground.key.binary, 'versoin']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Did you mean version?')]);
  });

  async function shellNamedSh(): Promise<string> {
    const sh = join(ground.directory, 'bash/sh');
    await mkdir(dirname(sh));
    await symlink('/bin/bash', sh);
    return sh;
  }
});

describe('what the command is given', () => {
  async function told(args: readonly string[], options?: StartOptions) {
    const person = await ground.person('told');
    const { exitCode, stdout, stderr } = await start(telling, person, args, options);
    expect([exitCode, stderr.replace(/^metalk8s: copying .*\n?/, '')]).toEqual([0, '']);
    return JSON.parse(stdout);
  }

  test('where the disc is, and a copy of the program', async () => {
    const answer = await told(['--trusted-key', ground.key.binary, 'bootstrap']);
    const copy = join(copiesOf(await ground.person('told')), (await listCopies(await ground.person('told')))[0] ?? '');
    expect(answer).toEqual({
      args: ['bootstrap'],
      archive: telling.directory,
      trustedKey: ground.key.binary,
      umask: process.umask().toString(8),
      node: join(copy, 'runtime/bin/node'),
      program: join(copy, 'cli/bin/metalk8s.js'),
    });
    for (const path of ['runtime/bin/node', 'runtime/LICENSE', 'cli/bin/metalk8s.js', 'cli/dist/metalk8s.js']) {
      const [copied, original] = await Promise.all([copy, telling.directory].map((each) => readFile(join(each, path))));
      expect(Buffer.compare(copied ?? Buffer.of(), original ?? Buffer.of(1)), path).toBe(0);
    }
  });

  test('the umask of whoever starts it', async () => {
    const { umask } = await told(['--trusted-key', ground.key.binary, 'x'], {
      shell: ['sh', '-c', 'umask 27; exec dash "$@"', 'sh'],
    });
    expect(umask).toBe('27');
  });

  test('every argument as it was typed; keys after the command too', async () => {
    const odd = ['', ' ', 'a b', '*', '$(id)', '`id`', "'", '"', '\\', 'line\nfeed', '-x', '--', '--trusted-key'];
    const given = ['verify', '--trusted-key', ground.key.armoured, ...odd];
    expect(await told(given)).toMatchObject({ args: given });
    const joined = ['verify', `--trusted-key=${ground.key.armoured}`, '-o', 'json'];
    const { args, trustedKey } = await told(joined);
    expect([args, trustedKey]).toEqual([joined, undefined]);
  });

  test('a key of the environment; a key of the command line goes before it', async () => {
    const env = { METALK8S_TRUSTED_KEY: ground.key.armoured };
    expect(await told(['x'], { env })).toMatchObject({ args: ['x'], trustedKey: ground.key.armoured });
    const wrong = { METALK8S_TRUSTED_KEY: '/nowhere' };
    expect(await told(['x', '--trusted-key', ground.key.binary], { env: wrong })).toMatchObject({
      trustedKey: '/nowhere',
    });
    expect(await told([`--trusted-key=${ground.key.binary}`, 'x'], { env: wrong })).toMatchObject({
      args: ['x'],
      trustedKey: ground.key.binary,
    });
  });

  test('several keys, of which one is right', async () => {
    const other = await ground.makeKey('other');
    const args = ['x', '--trusted-key', other.armoured, '--trusted-key', ground.key.binary];
    expect(await told(args)).toMatchObject({ args });
  });

  test('a key beside other text in its file, and with line ends of Windows', async () => {
    const armour = await readFile(ground.key.armoured, 'utf8');
    const file = join(ground.directory, 'odd key.asc');
    await writeFile(file, `Our key:\n\n${armour}\nThe end.\n`.replaceAll('\n', '\r\n'));
    expect(await told(['--trusted-key', file, 'x'])).toMatchObject({ trustedKey: file });
  });

  test.each(['beside it', 'from the folder above', 'by a link'])('started %s', async (way) => {
    const { directory, launcher } = telling;
    const link = join(ground.directory, 'link');
    if (way === 'by a link') await symlink(launcher, link);
    const options = {
      'beside it': { launcher: 'metalk8s', cwd: directory },
      'from the folder above': { launcher: `./${basename(directory)}/metalk8s`, cwd: dirname(directory) },
      'by a link': { launcher: link },
    }[way];
    expect((await told(['--trusted-key', ground.key.binary, 'x'], options)).archive).toBe(directory);
  });

  test.each(['with space', '$(touch x) `id` "\' *?[a]', '-n', 'line\nfeed', 'line feed at the end\n'])(
    'on a disc mounted at %j, in a home of that name',
    async (name) => {
      const mounts = join(ground.directory, `mount ${name.length}`);
      await mkdir(mounts);
      const moved = join(mounts, name);
      await rename(telling.directory, moved);
      try {
        const person = await ground.person(name);
        const key = join(mounts, `${name}.key`);
        await cp(ground.key.armoured, key);
        const at = { directory: moved, launcher: join(moved, 'metalk8s') };
        const relative = { cwd: moved, launcher: 'metalk8s' };
        for (const options of [{}, relative]) {
          const { exitCode, stdout, stderr } = await start(at, person, ['--trusted-key', key, 'x'], options);
          expect([exitCode, stderr]).toEqual([
            0,
            options === relative ? '' : expect.stringMatching(/^metalk8s: copying /),
          ]);
          expect(JSON.parse(stdout)).toMatchObject({ archive: moved, trustedKey: key });
        }
        expect(await listCopies(person)).toHaveLength(1);
      } finally {
        await rename(moved, telling.directory);
      }
    },
  );
});
