import { chown, cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { BuiltIso } from '../../src/build/build-iso.ts';
import { type BuildGround, buildGround, readableCopy } from '../support/build/build-ground.ts';
import { type OrdinaryUser, ordinaryUser } from '../support/packages/ordinary-user.ts';
import { withSigner } from '../support/release/signing-key.ts';
import { SHIPPED_LIST, writeMirrors } from '../support/release-mirrors.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

const report = (line: string) => process.stdout.write(`${line}\n`);

let ground: BuildGround;
let user: OrdinaryUser;
let first: string;

beforeAll(async () => {
  ground = await buildGround(report);
  user = await ordinaryUser();
  first = join(ground.directory, 'first.iso');
});
afterAll(async () => {
  await user?.close();
  await ground?.close();
});

/** Runs the installed program with a key that signs. */
function metalk8s(args: readonly string[], env: Record<string, string> = {}) {
  return withSigner(report, async (signer) => {
    const options = {
      env: { ...signer.env, METALK8S_SIGNING_KEY: signer.fingerprint, ...env },
      reject: false,
    } as const;
    return execa(process.execPath, [ground.program, ...args], { ...options, stdin: 'ignore' });
  });
}

function build(...args: readonly string[]) {
  return metalk8s(['build-iso', '--mirrors', ground.mirrors, '--cache-dir', ground.cache, ...args]);
}

describe('the list that ships', () => {
  test('becomes one signed disc', async () => {
    const { exitCode, stdout, stderr } = await build('--components', 'core,calico', '--output', first, '-o', 'json');
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'written',
      output: first,
      version: '136.0.0',
      kubernetes: '1.36.3',
      components: ['core', 'calico'],
      signingKey: ground.release.key.fingerprint,
    });
    expect(stderr).toContain('warning: There is no lock');
  });

  test('a second build finds it there, and touches nothing', async () => {
    const before = await readdir(ground.directory);
    const { exitCode, stdout, stderr } = await build('--output', first, '-o', 'json');
    expect(exitCode, stderr).toBe(0);
    expect((JSON.parse(stdout) as BuiltIso).outcome).toBe('up-to-date');
    expect(stderr).toMatch(/build-iso: done after .*: 12 already so, 1 warning/);
    expect(await readdir(ground.directory)).toEqual(before);
  });

  test('verify takes it by the key that came another way, and by no other', async () => {
    const verified = await metalk8s(['verify', first, '--trusted-key', ground.release.key.armoured, '-o', 'json']);
    expect(verified.exitCode, verified.stderr).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({ verified: true, version: '136.0.0' });
    const other = await inTemporaryDirectory(async (home) => {
      const gpg = (...words: string[]) =>
        execa('gpg', ['--batch', '--pinentry-mode', 'loopback', '--passphrase', '', ...words], {
          env: { GNUPGHOME: home },
          stdin: 'ignore',
        });
      await gpg('--quick-generate-key', 'somebody else', 'rsa3072', 'sign', 'never');
      await gpg('--armor', '--output', join(home, 'other.asc'), '--export');
      await execa('gpgconf', ['--kill', 'all'], { env: { GNUPGHOME: home } });
      return metalk8s(['verify', first, '--trusted-key', join(home, 'other.asc')]);
    });
    expect(other.exitCode).toBe(5);
    expect(other.stderr).toContain(ground.release.key.fingerprint);
  });

  test('inspect tells what is on it', async () => {
    const { exitCode, stdout } = await metalk8s(['inspect', first, '-o', 'json']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('registry.k8s.io/kube-apiserver:v1.36.3');
    expect(stdout).toContain('docker.io/calico/node:v3.28.5');
  });

  test('the disc makes itself again, byte for byte: other user, umask, time zone, locale, folder, workers, no cache', async () => {
    const at = (path: string) => join(user.home, path);
    await writeMirrors(await readableCopy(ground.release, at('release')), at('elsewhere.yaml'));
    await cp(ground.release.key.armoured, at('release.asc'));
    await giveSecretKey(user);
    await execa('xorriso', ['-osirrox', 'on', '-indev', first, '-extract', '/', at('disc')], { stdin: 'ignore' });
    const second = at('folder with spaces/second.iso');
    await user.run(['mkdir', at('folder with spaces')]);
    const started = await user.run(
      [
        ...['sh', at('disc/metalk8s'), '--trusted-key', at('release.asc')],
        ...['build-iso', '--mirrors', at('elsewhere.yaml'), '--cache-dir', at('cache'), '--concurrency', '1'],
        ...['--signing-key', ground.release.key.fingerprint, '--output', second, '-o', 'json'],
      ],
      { umask: '077', env: { TZ: 'Pacific/Auckland', LC_ALL: 'C', LANG: 'tr_TR.UTF-8' } },
    );
    expect(started.exitCode, started.stderr).toBe(0);
    const compared = await execa('cmp', [first, second], { reject: false });
    expect(compared.stdout).toBe('');
    expect(compared.exitCode).toBe(0);
  });
});

describe('what a build refuses, and leaves nothing of', () => {
  test.each<[string, (directory: string) => Promise<readonly string[]>, number, RegExp]>([
    ['both a key and --unsigned', async () => ['--unsigned'], 2, /both --signing-key and --unsigned/],
    ['a key that is not there', async () => ['--signing-key', 'nobody@nowhere.test'], 2, /no secret key for "nobody/],
    ['an unknown component', async () => ['--components', 'core,calicoo'], 2, /calicoo.*calico/s],
    ['a list that is not there', async () => ['--release', '/nowhere/release.yaml'], 3, /\/nowhere\/release\.yaml/],
    [
      'an unknown key in the list',
      changedList({ kubernets: '1.36.3' }),
      3,
      /release\.yaml:\d+:\d+: error: kubernets.*kubernetes/,
    ],
    ['an image that nobody has', withImage('registry.k8s.io/no-such-image:v1'), 3, /no-such-image:v1/],
    ['an output in no folder', async (directory) => ['--output', join(directory, 'no/such/x.iso')], 2, /no\/such/],
    ['a wrong size of parts', async () => ['--split', 'large'], 2, /"large" is no size/],
    [
      '--update-lock with --components',
      async () => ['--update-lock', '--components', 'core'],
      2,
      /leaves parts of it out/,
    ],
  ])('%s', async (_title, makeArgs, exit, message) => {
    await inTemporaryDirectory(async (directory) => {
      const args = await makeArgs(directory);
      const before = await readdir(directory);
      const output = args.includes('--output') ? [] : ['--output', join(directory, 'x.iso')];
      const { exitCode, stdout, stderr } = await build(...output, ...args);
      expect({ exitCode, stdout }, stderr).toEqual({ exitCode: exit, stdout: '' });
      expect(stderr).toMatch(message);
      expect(stderr).toContain('To do:');
      expect(await readdir(directory)).toEqual(before);
    });
  });

  test('a disc that nobody signs, unless --unsigned asks for it', async () => {
    await inTemporaryDirectory(async (directory) => {
      const words = ['build-iso', '--output', join(directory, 'x.iso')];
      const { exitCode, stderr } = await metalk8s(words, { METALK8S_SIGNING_KEY: '' });
      expect(exitCode).toBe(2);
      expect(stderr).toContain('no key is named that signs the disc');
      expect(stderr).toContain('gpg --list-secret-keys');
    });
  });

  test('an existing output that is another disc, until --force', async () => {
    await inTemporaryDirectory(async (directory) => {
      const output = join(directory, 'x.iso');
      await writeFile(output, 'something else');
      const refused = await build('--output', output);
      expect(refused.exitCode).toBe(2);
      expect(await readFile(output, 'utf8')).toBe('something else');
      expect((await build('--output', output, '--force')).exitCode).toBe(0);
      expect((await execa('cmp', [first, output], { reject: false })).exitCode).toBe(0);
    });
  });

  test('a station without programs, all of them named with their packages before anything is fetched', async () => {
    await inTemporaryDirectory(async (directory) => {
      const hide =
        'for each in xorriso createrepo_c gpg rpmsign; do mount --bind /dev/null /usr/bin/$each; done; exec "$@"';
      const words = ['build-iso', '--unsigned', '--cache-dir', ground.cache, '--output', join(directory, 'x.iso')];
      const { exitCode, stderr } = await execa(
        'unshare',
        ['--mount', 'sh', '-c', hide, 'sh', process.execPath, ground.program, ...words],
        { reject: false, stdin: 'ignore' },
      );
      expect(exitCode, stderr).toBe(4);
      expect(stderr).toContain('not installed: rpmsign, createrepo_c, gpg, xorriso');
      expect(stderr).toContain('createrepo-c gpg xorriso (Debian, Ubuntu)');
      expect(stderr).not.toContain('Fetch');
      expect(stderr.trimEnd().split('\n').at(-1)).toBe(`Resume: metalk8s ${words.join(' ')}`);
      expect(await readdir(directory)).toEqual([]);
    });
  });
});

/** The list that ships with fields changed, in a file of its own. */
function changedList(changes: Record<string, unknown>) {
  return async (directory: string) => {
    const file = join(directory, 'release.yaml');
    const list = parse(await readFile(SHIPPED_LIST, 'utf8'));
    await writeFile(file, stringify({ ...list, ...changes }, { aliasDuplicateObjects: false }));
    return ['--release', file];
  };
}

function withImage(reference: string) {
  return async (directory: string) => {
    const { components } = parse(await readFile(SHIPPED_LIST, 'utf8'));
    components[0].images.push(reference);
    return changedList({ components })(directory);
  };
}

/** The secret key of the test release, in the user's GnuPG home. */
async function giveSecretKey({ home, run }: OrdinaryUser): Promise<void> {
  const secret = join(home, 'secret.asc');
  await withSigner(report, async ({ env, fingerprint }) => {
    await execa('gpg', ['--batch', '--armor', '--output', secret, '--export-secret-keys', fingerprint], { env });
  });
  await chown(secret, 65_534, 65_534);
  const imported = await run(['gpg', '--batch', '--import', secret]);
  expect(imported.exitCode, imported.stderr).toBe(0);
}
