import { chmod, chown, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SmallDisc } from '../support/launcher/disc.ts';
import {
  copiesOf,
  type LauncherGround,
  launcherGround,
  listCopies,
  SMALL_RUNTIME,
  SOMEBODY_ELSE,
  TELL,
} from '../support/launcher/ground.ts';
import { type Person, type StartOptions, start } from '../support/launcher/start.ts';

let ground: LauncherGround;
let small: SmallDisc;
/** With the real Node.js, for what takes time or room. */
let large: SmallDisc;
let disc: SmallDisc;
let person: Person;
let people = 0;

beforeAll(async () => {
  ground = await launcherGround();
  small = await ground.disc('small', { program: TELL, runtime: SMALL_RUNTIME });
  large = await ground.disc('large', { program: TELL });
});
beforeEach(async () => {
  disc = small;
  people += 1;
  person = await ground.person(`home${people}`);
});
afterAll(() => ground.remove());

const args = () => ['--trusted-key', ground.key.binary, 'x'];

async function runs(options?: StartOptions): Promise<{ copied: boolean; copy: string }> {
  const { exitCode, stdout, stderr } = await start(disc, person, args(), options);
  expect([exitCode, stderr.replace(/^metalk8s: copying .*/, '')]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toMatchObject({ args: ['x'] });
  const copies = await listCopies(person);
  expect(copies).toHaveLength(1);
  return { copied: stderr !== '', copy: join(copiesOf(person), copies[0] ?? '') };
}

async function refused(words: RegExp, exit: number, options?: StartOptions): Promise<void> {
  const { exitCode, stdout, stderr } = await start(disc, person, args(), options);
  expect([exitCode, stdout, stderr]).toEqual([exit, '', expect.stringMatching(words)]);
}

describe('a copy that was changed is replaced before anything of it runs', () => {
  const changes: readonly [string, (copy: string) => Promise<void>][] = [
    [
      'a program that says something else',
      (copy) => overwrite(join(copy, 'cli/bin/metalk8s.js'), 'console.log("evil")'),
    ],
    ['the same size and date', (copy) => sameSizeAndDate(join(copy, 'cli/bin/metalk8s.js'))],
    ['a runtime with a byte more', (copy) => overwrite(join(copy, 'runtime/bin/node'), '!', 'a')],
    ['a file more', (copy) => writeFile(join(copy, 'cli/dist/extra.js'), '')],
    ['a file more beside it', (copy) => writeFile(join(copy, 'package.json'), '{}')],
    ['a hidden file more beside it', (copy) => writeFile(join(copy, '.x'), '{}')],
    ['a file less', (copy) => rm(join(copy, 'cli/package.json'))],
    ['other modes', (copy) => chmod(join(copy, 'cli/bin/metalk8s.js'), 0o666)],
    ['its record gone', (copy) => rm(join(copy, 'checked'))],
    ['another record', (copy) => overwrite(join(copy, 'checked'), 'fine\n')],
  ];

  test.each(changes)('%s', async (_, change) => {
    person = await ground.person('changed');
    const { copy } = await runs();
    await change(copy);
    expect(await runs()).toEqual({ copied: true, copy });
    expect(await runs()).toEqual({ copied: false, copy });
  });

  async function overwrite(file: string, text: string, flag: 'w' | 'a' = 'w'): Promise<void> {
    await chmod(file, 0o644);
    await writeFile(file, text, { flag });
    await chmod(file, 0o444);
  }

  async function sameSizeAndDate(file: string): Promise<void> {
    const { mtime } = await stat(file);
    await overwrite(file, String(await readFile(file)).replace('args', 'argz'));
    await utimes(file, mtime, mtime);
  }
});

describe('where it copies to', () => {
  test('the folder that XDG_CACHE_HOME names, unless it is relative', async () => {
    const cache = join(person.home, 'a cache');
    const { stdout } = await start(disc, person, args(), { env: { XDG_CACHE_HOME: cache } });
    expect(JSON.parse(stdout).node).toMatch(`${cache}/metalk8s/runtime/`);
    await runs({ env: { XDG_CACHE_HOME: 'relative' } });
  });

  test('without a home it says what to do', async () => {
    const env = { HOME: undefined };
    await refused(/^Error: {2}there is no place for the runtime.*\nTo do: {2}Set HOME/, 4, { env });
  });

  test('an older version stays', async () => {
    const other = join(copiesOf(person), '135.0.0-0123456789abcdef');
    await mkdir(other, { recursive: true });
    await execa('chown', ['-R', `${person.uid}:${person.gid}`, person.home]);
    const { stderr } = await start(disc, person, args());
    expect(stderr).toMatch(/^metalk8s: copying/);
    expect(await listCopies(person)).toHaveLength(2);
  });

  const unsafe: readonly [string, number, () => Promise<void>][] = [
    ['written to by everybody', 4, () => chmod(join(person.home, '.cache'), 0o777)],
    ['written to by a group of others', 4, () => sharedFolder(join(person.home, '.cache'))],
    ['of somebody else', 4, () => chown(person.home, SOMEBODY_ELSE, SOMEBODY_ELSE)],
    ['a folder of copies of somebody else', 4, () => chown(copiesOf(person), SOMEBODY_ELSE, SOMEBODY_ELSE)],
  ];
  test.each(unsafe)('%s: refused, also when a good copy is there', async (_, exit, spoil) => {
    await runs();
    await spoil();
    await refused(/^Error: {2}what metalk8s runs or trusts must/, exit);
  });

  test('written to by a group that is the own user alone: as Enterprise Linux has it', async () => {
    await runs();
    await chmod(join(person.home, '.cache'), 0o775);
    expect(await runs()).toMatchObject({ copied: false });
  });

  async function sharedFolder(folder: string): Promise<void> {
    await chown(folder, person.uid, SOMEBODY_ELSE);
    await chmod(folder, 0o775);
  }

  test('a folder that cannot be written to', async () => {
    await mkdir(copiesOf(person), { recursive: true });
    await refused(/^.*Error: {2}the folder for the runtime cannot be written to/s, 4);
  });
});

describe('starts that meet or end early', () => {
  beforeEach(() => {
    disc = large;
  });

  test('eight at once: all run, one copy is kept', async () => {
    const results = await Promise.all(Array.from({ length: 8 }, () => start(disc, person, args())));
    for (const { exitCode, stdout } of results) expect([exitCode, JSON.parse(stdout).args]).toEqual([0, ['x']]);
    expect(await runs()).toMatchObject({ copied: false });
  });

  test('killed at any time: no half copy, and the next start runs', async () => {
    let killed = 0;
    for (let round = 0; round < 8; round += 1) {
      const process = start(disc, person, args());
      await pause(round * 70);
      killGroup(process.pid, 'SIGKILL');
      const { signal } = await process;
      if (signal === 'SIGKILL') killed += 1;
      const [copy] = await finished(person);
      if (copy === undefined) continue;
      // What has its final name is whole: the next start takes it as it is.
      const { exitCode, stderr } = await start(disc, person, args());
      expect([exitCode, stderr]).toEqual([0, '']);
      await rm(join(copiesOf(person), copy), { recursive: true });
    }
    expect(killed).toBeGreaterThan(3);
    const { exitCode, stderr } = await start(disc, person, args());
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/^metalk8s: copying /)]);
  });

  test('what a killed start has left is removed by the next; what may be somebody’s work, an hour later', async () => {
    const killed = start(disc, person, args());
    const left = await vi.waitUntil(async () => (await unfinished(person))[0], { timeout: 10_000, interval: 1 });
    killGroup(killed.pid, 'SIGKILL');
    await killed;
    const [numbering = '', owner] = left.replace('.start-', '').split('-');
    expect(owner).toBe(String(killed.pid));
    // Of a process that is there, and of one on another machine that has the same home.
    const others = [`.start-${numbering}-${process.pid}-alive`, `.start-1${numbering}-${owner}-elsewhere`].sort();
    for (const name of others) await mkdir(join(copiesOf(person), name));
    await start(disc, person, args());
    expect((await unfinished(person)).sort()).toEqual(others);
    const longAgo = new Date(Date.now() - 3_700_000);
    for (const name of others) await utimes(join(copiesOf(person), name), longAgo, longAgo);
    await start(disc, person, args());
    expect(await unfinished(person)).toEqual([]);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s while it copies: 130, and nothing is left',
    async (signal) => {
      const process = start(disc, person, args());
      await vi.waitUntil(async () => (await unfinished(person))[0], { timeout: 10_000, interval: 1 });
      killGroup(process.pid, signal);
      const { exitCode } = await process;
      expect(exitCode).toBe(130);
      expect(await readdir(join(person.home, '.cache'))).toEqual([]);
    },
  );

  async function unfinished(owner: Person): Promise<string[]> {
    return (await listCopies(owner)).filter((name) => name.startsWith('.start-'));
  }

  async function finished(owner: Person): Promise<string[]> {
    return (await listCopies(owner)).filter((name) => !name.startsWith('.'));
  }

  /** The moment of a kill is what varies here; nothing is waited for. */
  function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
  }

  function killGroup(leader: number | undefined, signal: NodeJS.Signals): void {
    try {
      process.kill(-(leader ?? Number.NaN), signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
});

describe('mounts, as root in a mount namespace of its own', () => {
  const shown = { METALK8S_ARCHIVE: undefined, METALK8S_TRUSTED_KEY: undefined, XDG_CACHE_HOME: undefined };

  /** Runs a script that finds the disc, a key and a free folder as $1, $2, $3; its mounts end with it. /var/lib and /etc/metalk8s are empty. */
  async function inNamespace(script: string) {
    const free = join(ground.directory, `mount${people}`);
    await mkdir(free);
    const prepare = `set -e
      mkdir "$3/etc" "$3/var" && cp /etc/passwd /etc/group "$3/etc/"
      mount --bind "$3/var" /var/lib && mount --bind "$3/etc" /etc
      set +e
    `;
    return execa(
      'unshare',
      [
        '--mount',
        '--propagation',
        'private',
        '--',
        'sh',
        '-c',
        prepare + script,
        'sh',
        disc.directory,
        ground.key.binary,
        free,
      ],
      { reject: false, stdin: 'ignore', env: shown },
    );
  }

  test('root: /var/lib/metalk8s/runtime, and keys of /etc/metalk8s/trust', async () => {
    const { exitCode, stdout, stderr } = await inNamespace(`
      mkdir -p /etc/metalk8s/trust && cp "$2" /etc/metalk8s/trust/ours
      sh "$1/metalk8s" x; echo; ls -A /var/lib/metalk8s/runtime | wc -l; stat -c %a /var/lib/metalk8s /var/lib/metalk8s/runtime
    `);
    expect([exitCode, stderr]).toEqual([0, 'metalk8s: copying the runtime to /var/lib/metalk8s/runtime']);
    const [answer = '', ...rest] = stdout.split('\n');
    expect(JSON.parse(answer).node).toMatch(/^\/var\/lib\/metalk8s\/runtime\/[^/]+\/runtime\/bin\/node$/);
    expect(rest).toEqual(['1', '755', '755']);
  });

  test('keys that others can change are refused', async () => {
    const { stdout, stderr } = await inNamespace(`
      mkdir -p /etc/metalk8s/trust && cp "$2" /etc/metalk8s/trust/ours
      chmod 666 /etc/metalk8s/trust/ours; sh "$1/metalk8s" x; echo $?
      chmod 644 /etc/metalk8s/trust/ours; chmod 777 /etc/metalk8s/trust; sh "$1/metalk8s" x; echo $?
      chmod 755 /etc/metalk8s/trust; chown 1 /etc/metalk8s/trust; sh "$1/metalk8s" x; echo $?
    `);
    expect(stdout).toBe('4\n4\n4');
    expect(stderr.match(/must not be writable for everybody/g)).toHaveLength(2);
    expect(stderr).toMatch(/this belongs to user 1\nWhere: {2}\/etc\/metalk8s\/trust$/);
  });

  test('a disc mounted read-only and noexec', async () => {
    const { exitCode, stdout, stderr } = await inNamespace(`
      mkdir "$3/mnt" && mount --bind "$1" "$3/mnt" && mount -o remount,bind,ro,noexec,nosuid,nodev "$3/mnt"
      "$3/mnt/metalk8s" x; echo "directly: $?"
      sh "$3/mnt/metalk8s" --trusted-key "$2" x
    `);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Permission denied');
    const [direct, answer = ''] = stdout.split('\n');
    expect(direct).toBe('directly: 126');
    expect(JSON.parse(answer).archive).toMatch(/\/mnt$/);
  });

  test('a host that runs no programs from its disk says so', async () => {
    const { exitCode, stderr } = await inNamespace(`
      mount -o remount,bind,noexec /var/lib
      sh "$1/metalk8s" --trusted-key "$2" x
    `);
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining('the host forbids to run programs there (noexec)')]);
  });

  test('a disk without room: nothing half is left, and it says where', async () => {
    disc = large;
    const { stdout, stderr } = await inNamespace(`
      mount -t tmpfs -o size=40m tmpfs /var/lib
      sh "$1/metalk8s" --trusted-key "$2" x; echo $?; ls -A /var/lib
    `);
    expect(stdout).toBe('8');
    expect(stderr).toContain('Error:  the runtime cannot be copied');
    expect(stderr).toContain('Look whether /var/lib/metalk8s/runtime has room');
  });
});
