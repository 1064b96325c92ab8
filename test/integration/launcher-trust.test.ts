import { copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type SignOptions, writeKeyFiles } from '../support/gpg-home.ts';
import { type SmallDisc, signSums, tamper } from '../support/launcher/disc.ts';
import { type FiledKey, type LauncherGround, launcherGround, SMALL_RUNTIME, TELL } from '../support/launcher/ground.ts';
import { busyboxTools, type Person, type StartOptions, start } from '../support/launcher/start.ts';

/** Seconds since 1970. */
const IN_2020 = Date.UTC(2020, 0, 1) / 1000;
const DAY = 86_400;

let ground: LauncherGround;
let other: FiledKey;
let person: Person;
let disc: SmallDisc;
let discs = 0;

beforeAll(async () => {
  ground = await launcherGround();
  other = await ground.makeKey('other');
});
beforeEach(async () => {
  discs += 1;
  person = await ground.person(`home${discs}`);
  disc = await newDisc();
});
afterAll(() => ground.remove());

/** What runs would say so. */
function newDisc(options: { key?: FiledKey | undefined } = {}): Promise<SmallDisc> {
  discs += 1;
  return ground.disc(`disc${discs}`, { program: TELL, runtime: SMALL_RUNTIME, ...options });
}

/** Expects that nothing of a disc runs and nothing is left in the home. */
async function refused(args: readonly string[], words: RegExp, { exit = 5, ...options }: Refusal = {}): Promise<void> {
  const { exitCode, stdout, stderr } = await start(disc, person, args, options);
  expect([exitCode, stdout]).toEqual([exit, '']);
  expect(stderr.replace(/^metalk8s: copying .*\n/, '')).toMatch(words);
  expect(await filesBelow(person.home)).toBe('');
}

interface Refusal extends StartOptions {
  readonly exit?: number;
}

async function filesBelow(directory: string): Promise<string> {
  const { stdout } = await execa('find', [directory, '-mindepth', '1', '-not', '-path', `${directory}/.cache`]);
  return stdout;
}

const trusting = () => ['--trusted-key', ground.key.armoured, 'x'];

describe('keys', () => {
  test('without any, it says how to get one and how to check by hand', async () => {
    await refused(
      ['x'],
      /^Error: {2}no key is trusted yet, so nothing of the disc was run\nWhere: {2}\/.*\/disc\d+\nTo do: /,
      { exit: 2 },
    );
    const { stderr } = await start(disc, person, []);
    const commands = stderr.split('\n').filter((line) => /^ {12}(gpg|gpgv|cd) /.test(line));
    expect(commands).toHaveLength(3);
    // What it tells to type is what works.
    const script = commands.join(' &&\n').replace('FILE', `'${ground.key.armoured}'`);
    const { exitCode } = await execa('sh', ['-c', script], { cwd: person.home, reject: false });
    expect(exitCode).toBe(0);
  });

  test('one that lies on the disc is not looked at', async () => {
    await mkdir(join(disc.directory, 'keys'));
    await writeFile(join(disc.directory, 'keys/key.asc'), await readFile(ground.key.armoured));
    await refused(['x'], /no key is trusted yet/, { exit: 2 });
  });

  test.each([
    ['another key', () => other.armoured, /signed with the key [0-9A-F]{40}, which is not among the trusted ones/],
    ['some text', () => '/etc/passwd', /the disc is not to be trusted/],
    ['a binary key that is cut off', () => cut('binary', 100), /the disc is not to be trusted/],
  ])('%s', async (_, file, words) => {
    await refused(['x', '--trusted-key', await file()], words);
  });

  test.each([
    ['a file that is not there', () => '/nowhere/key', /trusted key cannot be read\nWhere: {2}\/nowhere\/key\nTo do: /],
    ['a folder', () => ground.directory, /trusted key cannot be read/],
    ['an empty file', () => '/dev/null', /trusted key cannot be read/],
    ['the key that signed it, on the disc', () => onDisc(), /a key that comes with the disc proves nothing/],
    ['a link to that', () => linkTo(onDisc()), /a key that comes with the disc proves nothing/],
    ['a private key', () => secret(), /this is a private key/],
    ['a key that is cut off', () => cut('armoured', 300), /it has no end\nWhere: .*\nTo do: /],
    ['a key with a broken armour', () => broken(), /its armour is broken\nWhere: .*\nTo do: /],
  ])('%s: wrong usage, as the command has it', async (_, file, words) => {
    await refused(['x', '--trusted-key', await file()], words, { exit: 2 });
  });

  test.each([
    ['without a file', () => ['--trusted-key'], /--trusted-key needs a file/],
    ['with an empty name', () => ['--trusted-key=', 'x'], /--trusted-key needs a file/],
    ['twice before the command', () => [...trusting().slice(0, 2), ...trusting()], /given twice before the command/],
  ])('%s: wrong usage', async (_, args, words) => {
    await refused(args(), words, { exit: 2 });
  });

  async function onDisc(): Promise<string> {
    const file = join(disc.directory, 'key.asc');
    await copyFile(ground.key.armoured, file);
    return file;
  }

  async function linkTo(file: Promise<string>): Promise<string> {
    const link = join(ground.directory, 'link.asc');
    await symlink(await file, link);
    return link;
  }

  async function secret(): Promise<string> {
    const file = join(ground.directory, 'secret.asc');
    await writeFile(file, await other.secretKey());
    return file;
  }

  async function cut(form: 'armoured' | 'binary', bytes: number): Promise<string> {
    const file = join(ground.directory, `cut-${form}`);
    await writeFile(file, (await readFile(ground.key[form])).subarray(0, bytes));
    return file;
  }

  async function broken(): Promise<string> {
    const file = join(ground.directory, 'broken.asc');
    await writeFile(
      file,
      (await readFile(ground.key.armoured, 'utf8')).replace(/^.{64}$/m, (line) => `${line}!`),
    );
    return file;
  }
});

describe('signatures', () => {
  test('none at all', async () => {
    disc = await newDisc({ key: undefined });
    await refused(trusting(), /the disc is not signed, so nothing of it was run/);
  });

  test('of other sums', async () => {
    await tamper(disc, 'SHA256SUMS', (sums) => Buffer.concat([sums, sums.subarray(0, 1)]));
    await refused(trusting(), /SHA256SUMS is not what was signed/);
  });

  test('no OpenPGP at all', async () => {
    await tamper(disc, 'SHA256SUMS.asc', () => Buffer.from('signed, the boss\n'));
    await refused(
      trusting(),
      /^gpgv: no valid OpenPGP data found(?:.|\n)*Error: {2}the disc is not to be trusted: its signature cannot be checked/,
    );
  });

  test('with SHA-1', async () => {
    await signAgain(ground.key, { digest: 'SHA1' });
    await refused(trusting(), /its signature cannot be checked/);
  });

  test('with SHA-224, which gpgv takes', async () => {
    await signAgain(ground.key, { digest: 'SHA224' });
    await refused(trusting(), /its signature is of a kind that is not accepted/);
  });

  test('of text, whose line ends do not count', async () => {
    await signAgain(ground.key, { text: true });
    await refused(trusting(), /its signature is of a kind that is not accepted/);
  });

  test('with an end of its own that has passed', async () => {
    const old = await ground.makeKey('old', { at: IN_2020 });
    await signAgain(old, { expires: '1d' });
    await refused(['--trusted-key', old.binary, 'x'], /its signature has expired/);
  });

  test('by a key that is revoked, which gpgv takes', async () => {
    const lost = await ground.makeKey('lost');
    await signAgain(lost);
    const { exitCode } = await start(disc, await ground.person('before'), ['--trusted-key', lost.binary, 'x']);
    expect(exitCode).toBe(0);
    await lost.revoke();
    const { binary } = await writeKeyFiles(lost, ground.directory, 'revoked');
    await refused(['--trusted-key', binary, 'x'], /the key that signed it is revoked/);
  });

  test('by a key that has expired since then: a warning', async () => {
    const aged = await ground.makeKey('aged', { at: IN_2020, expires: '2021-01-01' });
    await signAgain(aged);
    const { exitCode, stdout, stderr } = await start(disc, person, ['--trusted-key', aged.armoured, 'x']);
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ args: ['x'] })]);
    expect(stderr).toMatch(/^Warning: the key that signed the disc has expired since then\n/);
  });

  test('by a key that had expired before', async () => {
    const stale = await ground.makeKey('stale', { at: IN_2020 });
    await signAgain(stale, { at: IN_2020 + 150 * DAY });
    await stale.expireAt(IN_2020 + 30 * DAY);
    const { binary } = await writeKeyFiles(stale, ground.directory, 'stale');
    await refused(['--trusted-key', binary, 'x'], /the key that signed it had expired before/);
  });

  function signAgain(key: FiledKey, options?: SignOptions): Promise<void> {
    return signSums(disc.directory, key, options);
  }
});

describe('files', () => {
  test.each([
    'runtime/bin/node',
    'runtime/LICENSE',
    'cli/bin/metalk8s.js',
    'cli/package.json',
    'cli/templates/nginx/nginx.conf',
  ])('%s with one byte changed', async (path) => {
    await tamper(disc, path, (content) => {
      content[content.length >> 1] = (content[content.length >> 1] ?? 0) ^ 1;
      return content;
    });
    await refused(trusting(), new RegExp(`a file of the disc is not what was signed\nWhere: {2}/.*/${path}\n`));
  });

  test('one that is cut off', async () => {
    await tamper(disc, 'runtime/bin/node', (content) => content.subarray(0, -1));
    await refused(trusting(), /not what was signed\nWhere: {2}\/.*\/runtime\/bin\/node\n/);
  });

  test('one that is missing', async () => {
    await rm(join(disc.directory, 'cli/dist/metalk8s.js'));
    await refused(trusting(), /a file is missing on the disc\nWhere: {2}\/.*\/cli\/dist\/metalk8s.js\n/);
  });

  test('one that is a link', async () => {
    await rm(join(disc.directory, 'cli/dist/metalk8s.js'));
    await symlink('/etc/passwd', join(disc.directory, 'cli/dist/metalk8s.js'));
    await refused(trusting(), /a file is missing on the disc/);
  });

  test('files that are not signed are not copied', async () => {
    await writeFile(join(disc.directory, 'cli/extra.js'), '');
    const { exitCode } = await start(disc, person, trusting());
    expect(exitCode).toBe(0);
    expect(await filesBelow(person.home)).not.toContain('extra.js');
  });

  test.each(['cli/../../../evil', 'cli//x', 'cli/a b', 'cli/', 'cli/.', 'cli/$x', 'cli/*'])(
    'signed sums with the name %j',
    async (name) => {
      await tamper(disc, 'SHA256SUMS', (sums) => Buffer.concat([sums, Buffer.from(`${'0'.repeat(64)}  ${name}\n`)]));
      await signSums(disc.directory, ground.key);
      await refused(trusting(), /the disc has a file whose name is not accepted/);
    },
  );

  test('signed sums without the program', async () => {
    await tamper(disc, 'SHA256SUMS', (sums) => Buffer.from(String(sums).replace(/^.* runtime\/bin\/node\n/m, '')));
    await signSums(disc.directory, ground.key);
    await refused(trusting(), /SHA256SUMS does not name a file that has to run\nWhere: {2}\/.*\/runtime\/bin\/node/);
  });

  test('no disc at all', async () => {
    await rm(join(disc.directory, 'SHA256SUMS'));
    await refused(trusting(), /this is no disc of metalk8s/);
  });
});

test('without gpgv, it names the package that has it', async () => {
  const { path, shell } = await busyboxTools(join(ground.directory, 'without-gpgv'));
  await rm(join(path, 'gpgv'));
  await refused(trusting(), /gpgv is missing.*\nTo do: {2}Install the package that has it: gnupg2 .*gpgv on Debian/, {
    shell,
    env: { PATH: path },
    exit: 4,
  });
});

test('a tampered launcher shows when the disc is checked by hand', async () => {
  const { directory } = disc;
  const byHand = [
    ['gpgv', '--keyring', ground.key.binary, 'SHA256SUMS.asc', 'SHA256SUMS'],
    ['sha256sum', '--check', '--quiet', 'SHA256SUMS'],
  ];
  const check = async () => {
    const results = [];
    for (const [program = '', ...args] of byHand)
      results.push(await execa(program, args, { cwd: directory, reject: false }));
    return results;
  };
  expect((await check()).map(({ exitCode }) => exitCode)).toEqual([0, 0]);

  await tamper(disc, 'metalk8s', () => Buffer.from('#!/bin/sh\necho I am your friend\n'));
  const [signature, sums] = await check();
  expect([signature?.exitCode, sums?.exitCode, sums?.stdout]).toEqual([0, 1, 'metalk8s: FAILED']);

  // Whoever changes the sums as well has no key to sign them with.
  await tamper(disc, 'SHA256SUMS', (text) =>
    Buffer.from(String(text).replace(/^.{64}(?= {2}metalk8s$)/m, '0'.repeat(64))),
  );
  const [changed] = await check();
  expect([changed?.exitCode, changed?.stderr]).toEqual([1, expect.stringContaining('BAD signature')]);
});
