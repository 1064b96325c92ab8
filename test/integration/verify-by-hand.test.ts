import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { discPaths } from '../../src/disc/paths.ts';
import { withFlip } from '../support/archive/corruption.ts';
import { makeDisc } from '../support/archive/signed-disc.ts';
import { withMount } from '../support/archive/with-mount.ts';
import { gpgHome, type TestKey } from '../support/gpg-home.ts';
import { directoryOfTests } from '../support/test-directory.ts';

const scratch = directoryOfTests();
let disc: { readonly tree: string; readonly image: string };
let key: TestKey;
let work: string;
const home = gpgHome();

beforeAll(async () => {
  key = await (await home).makeKey('release');
  disc = await makeDisc(scratch, { key });
});
afterAll(async () => (await home).close());

/** Where the operator sits: with the key, and the image by the name that the page has. */
beforeEach(async () => {
  work = await mkdtemp(join(scratch, 'work-'));
  await writeFile(join(work, 'release.asc'), await key.publicKey());
  await copyFile(disc.image, join(work, 'metalk8s.iso'));
  await byHand('First use, by hand');
});

/** Runs the commands of docs/trust.md below a heading, as an operator types them, with another folder for /mnt. */
async function byHand(heading: string, mount = '/mnt') {
  const page = await readFile(resolve('docs/trust.md'), 'utf8');
  const [, commands] = new RegExp(`\n##+ ${heading}\n(?:(?!\n##).)*?\n\`\`\`sh\n(.*?)\n\`\`\``, 's').exec(page) ?? [];
  if (commands === undefined) throw new Error(`docs/trust.md has no commands below ${heading}`);
  const script = commands.replaceAll('/mnt', mount);
  return execa('sh', ['-e', '-c', script], {
    cwd: work,
    all: true,
    reject: false,
    env: { GNUPGHOME: work, LC_ALL: 'C.UTF-8' },
  });
}

const good = () =>
  new RegExp(`using RSA key ${key.fingerprint}\\ngpgv: Good signature from "release <release@metalk8s.test>"$`);

test('the fingerprint of the key is shown as people compare it', async () => {
  const { exitCode, all } = await byHand('The key');
  expect(exitCode).toBe(0);
  expect(all.replaceAll(' ', '')).toContain(key.fingerprint);
});

describe('an ISO file', () => {
  test('is good', async () => {
    const { exitCode, all } = await byHand('An ISO file');
    expect([exitCode, all]).toEqual([0, expect.stringMatching(good())]);
  });

  test.each([
    ['in the signed lines', 20],
    ['in the signature', 300],
    ['in the file system', 40_000],
    ['in a file', 1_000_000],
  ])('with one bit changed %s is not', async (_where, position) => {
    await withFlip(join(work, 'metalk8s.iso'), { position, bit: 2, region: '' }, async () => {
      expect((await byHand('An ISO file')).exitCode).not.toBe(0);
    });
  });
});

describe('a mounted ISO or a folder', () => {
  const heading = 'A mounted ISO or a folder';

  test('is good', async () => {
    const { exitCode, all } = await withMount(disc.image, scratch, (mount) => byHand(heading, mount));
    expect([exitCode, all]).toEqual([0, expect.stringMatching(good())]);
  });

  const tampering: Readonly<Record<string, (at: string) => Promise<unknown>>> = {
    'a changed file': (at) => writeFile(join(at, discPaths.cliEntry), 'x'),
    'a missing file': (at) => rm(join(at, discPaths.cliEntry)),
    'an extra file': (at) => writeFile(join(at, 'extra'), 'x'),
    'a changed list': (at) => writeFile(join(at, discPaths.sums), 'x'),
    'a changed signature': (at) => writeFile(join(at, discPaths.sumsSignature), 'x'),
  };
  test.each(Object.entries(tampering))('with %s is not', async (_what, tamper) => {
    const copy = join(work, 'copy');
    await execa('cp', ['-r', disc.tree, copy]);
    await tamper(copy);
    expect((await byHand(heading, copy)).exitCode).not.toBe(0);
  });
});

describe('the launcher alone', () => {
  const heading = 'The launcher alone';

  test('is good', async () => {
    const { exitCode, all } = await byHand(heading, disc.tree);
    expect(exitCode).toBe(0);
    expect(all).toMatch(/\nmetalk8s: OK$/);
  });

  test('tampered with is not, whatever else the disc holds', async () => {
    const copy = join(work, 'copy');
    await execa('cp', ['-r', disc.tree, copy]);
    await chmod(join(copy, 'metalk8s'), 0o755);
    await writeFile(join(copy, 'metalk8s'), '#!/bin/sh\necho hello\n');
    await mkdir(join(copy, 'other'));
    await copyFile(join(disc.tree, 'metalk8s'), join(copy, 'other', 'metalk8s'));
    const { exitCode, all } = await byHand(heading, copy);
    expect(exitCode).not.toBe(0);
    expect(all).toContain('metalk8s: FAILED');
  });
});
