import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nevraText } from '../../src/packages/nevra.ts';
import { type PackageGround, packageGround } from '../support/packages/package-ground.ts';
import type { PackageBuildResult } from '../support/packages/run-package-build.ts';
import { describeUpstream, signMetadata } from '../support/packages/upstream.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

const report = (line: string) => void process.stderr.write(`${line}\n`);

let ground: PackageGround;

beforeAll(async () => {
  ground = await packageGround(report);
});
afterAll(() => ground.close());

/** What the disc carries, as people write it. */
function carried({ resolved, error }: PackageBuildResult): string[] {
  if (error !== undefined) throw new Error(`${error.code}: ${error.message}`);
  return resolved?.packages.map(({ locked }) => nevraText(locked)) ?? [];
}

/** Path and checksum of every file of the repository. */
function contents({ repository, error }: PackageBuildResult): string[] {
  if (error !== undefined) throw new Error(`${error.code}: ${error.message}`);
  return (
    repository?.files.map(({ path, source }) => `${path} ${'sha256' in source ? source.sha256 : 'of no file'}`) ?? []
  );
}

describe('an ordinary user', () => {
  test('gets what a package requires beyond the base, and nothing that is only recommended', async () => {
    const built = await ground.build({ asUser: true, packages: ['widget'], signingKey: ground.keys.disc.fingerprint });
    expect(carried(built)).toEqual(['libwidget-2.0-1.noarch', 'widget-1:1.5-1.noarch', 'widget-policy-1.0-1.noarch']);
    const [libwidget, widget, policy] = built.resolved?.packages ?? [];
    expect(libwidget).toMatchObject({ roles: [], neededBy: ['widget'], signedByUs: false });
    expect(widget).toMatchObject({ roles: ['node'], neededBy: [], header: { licence: 'Apache-2.0' } });
    expect(policy).toMatchObject({ roles: [], neededBy: ['widget'] });
    expect(widget?.locked).toMatchObject({ platform: 'el9/x86_64', epoch: '1', repository: 'vendor' });
    expect(widget?.header.sourceRpm).toBe('widget-1.5-1.src.rpm');
    expect(built.resolved?.base).toMatchObject([{ name: 'tiny-base' }]);
    expect(built.resolved?.keys.map(({ fingerprint }) => fingerprint)).toEqual([ground.keys.vendor.fingerprint]);
    expect(built.told.filter((line) => line.startsWith('output')).at(-1)).toBe(
      'output el9/x86_64: a test transaction installs 1 packages of role node',
    );
  });

  test('gets the same again without dnf, rpm or createrepo_c, and with a lock without upstream', async () => {
    const signingKey = ground.keys.disc.fingerprint;
    const first = await ground.build({ asUser: true, packages: ['widget'], signingKey });
    const again = await ground.build({ asUser: true, packages: ['widget'], signingKey });
    expect(again.told).toEqual(['unchanged', 'unchanged']);
    expect(contents(again)).toEqual(contents(first));
    expect(again.milliseconds).toBeLessThan(5000);
    const locked = first.resolved?.packages.map((each) => each.locked) ?? [];
    const fromLock = await ground.build({ asUser: true, packages: ['widget'], signingKey, locked });
    expect(contents(fromLock)).toEqual(contents(first));
    const nowhere = ground.repositories.map((each) => ({ ...each, source: { ...each.source, url: each.source.url } }));
    await rename(join(ground.user.home, 'upstream'), join(ground.user.home, 'away'));
    try {
      const offline = await ground.build({
        asUser: true,
        packages: ['widget'],
        signingKey,
        locked,
        repositories: nowhere,
      });
      expect(contents(offline)).toEqual(contents(first));
    } finally {
      await rename(join(ground.user.home, 'away'), join(ground.user.home, 'upstream'));
    }
  });

  test('fetches again what was lost from the cache', async () => {
    const cache = join(ground.user.home, 'cache-lost');
    const first = await ground.build({ asUser: true, packages: ['widget'], cache });
    const lost = first.resolved?.packages[0]?.stored.file ?? '';
    await rm(lost);
    const again = await ground.build({ asUser: true, packages: ['widget'], cache });
    expect(carried(again)).toEqual(carried(first));
    expect((await stat(lost)).size).toBeGreaterThan(0);
  });

  test('has nothing left behind outside the cache', async () => {
    expect(await readdir(join(ground.user.home, 'tmp'))).toEqual([]);
  });
});

describe('packages that do not resolve', () => {
  test.each([
    [
      'a requirement that nothing provides',
      { packages: ['needs-broken'] },
      /^The packages of el9\/x86_64 do not resolve: .*nothing provides nowhere-to-be-found needed by broken-1\.0-1\.noarch/,
    ],
    ['a name that no repository has', { packages: ['widgets'] }, /^No repository of el9\/x86_64 has widgets$/],
    ['a name that another package provides', { packages: ['tool'] }, /^No repository of el9\/x86_64 has tool$/],
    [
      'a version that no repository has',
      { packages: [{ name: 'libwidget', version: '3.0', roles: ['node' as const] }] },
      /^No repository of el9\/x86_64 has libwidget-3\.0$/,
    ],
    [
      'a package that replaces a base package',
      { packages: ['greedy'] },
      /^The packages of el9\/x86_64 would take the place of base packages: tiny-base-1\.0-1\.noarch$/,
    ],
    [
      'a base package that no repository has',
      { packages: ['widget'], platform: { base: ['tiny-base', 'glibc'] } },
      /^No repository of el9\/x86_64 has glibc$/,
    ],
  ])('%s', async (_, changes, message) => {
    const { error } = await ground.build(changes);
    expect(error?.code).toBe('RELEASE_INVALID');
    expect(error?.message).toMatch(message);
    expect(error?.where).toBe('el9/x86_64');
  });

  test('an older version is taken when it is asked for', async () => {
    const wanted = [{ name: 'libwidget', version: '1.0', roles: ['node' as const] }];
    expect(carried(await ground.build({ packages: wanted }))).toEqual(['libwidget-1.0-1.noarch']);
  });

  test('what a base package is, is not carried, and that is told', async () => {
    const built = await ground.build({ packages: ['tiny-base', 'libwidget'] });
    expect(carried(built)).toEqual(['libwidget-2.0-1.noarch']);
    expect(built.told.join('\n')).toContain('warning el9/x86_64: the disc does not carry tiny-base');
  });
});

describe('with a lock', () => {
  const locked = async () =>
    (await ground.build({ packages: ['widget'] })).resolved?.packages.map((each) => each.locked) ?? [];

  test('a package that upstream no longer has is named, with what it has', async () => {
    const others = (await locked()).map((each) => (each.name === 'libwidget' ? { ...each, version: '2.1' } : each));
    const { error } = await ground.build({ packages: ['widget'], locked: others });
    expect(error).toMatchObject({ code: 'RELEASE_INVALID', hint: expect.stringContaining('--update-lock') });
    expect(error?.message).toContain(
      'the lock has libwidget-2.1-1.noarch, the repositories have libwidget-1.0-1.noarch, libwidget-2.0-1.noarch',
    );
  });

  test('a package of another content is refused, with both', async () => {
    const others = (await locked()).map((each) =>
      each.name === 'widget' ? { ...each, sha256: 'f'.repeat(64) } : each,
    );
    const { error } = await ground.build({ packages: ['widget'], locked: others });
    expect(error?.code).toBe('VERIFICATION_FAILED');
    expect(error?.message).toMatch(
      /^The packages of el9\/x86_64 are not those of the lock: package widget\.noarch for el9\/x86_64: expected .*f{64}.*, found 1:1\.5-1 from vendor/,
    );
  });

  test('the older of two versions is taken, and what was left out of the disc does not matter', async () => {
    const wanted = [{ name: 'libwidget', version: '1.0', roles: ['node' as const] }];
    const [old] = (await ground.build({ packages: wanted })).resolved?.packages ?? [];
    const mixed = [...(await locked()).filter(({ name }) => name !== 'libwidget'), ...(old ? [old.locked] : [])];
    const built = await ground.build({ packages: ['widget'], locked: mixed });
    expect(carried(built)).toContain('libwidget-1.0-1.noarch');
    expect(carried(await ground.build({ packages: ['libwidget'], locked: mixed }))).toEqual(['libwidget-1.0-1.noarch']);
  });
});

describe('what upstream does not sign', () => {
  const plain = async (changes: Parameters<PackageGround['repository']>[2]) => [
    ...ground.repositories,
    ground.repository('plain', await ground.copyOf('plain'), changes),
  ];

  test('is refused without a word about it in the release list', async () => {
    const { error } = await ground.build({ packages: ['gadget'], repositories: await plain({}) });
    expect(error?.code).toBe('VERIFICATION_FAILED');
    expect(error?.message).toMatch(/^The repositories of el9\/x86_64 cannot be verified: .*plain.*GPG/);
  });

  test('is refused when only the metadata are signed', async () => {
    const directory = await ground.copyOf('plain');
    await signMetadata(directory, ground.keys.vendor);
    const repositories = [...ground.repositories, ground.repository('plain', directory)];
    const { error } = await ground.build({ packages: ['gadget'], repositories });
    expect(error).toMatchObject({
      code: 'VERIFICATION_FAILED',
      message: 'The package gadget-1.0-1.noarch is not signed',
      where: 'plain',
    });
  });

  test('is refused when nobody signs the disc either', async () => {
    const repositories = await plain({ keys: [], signedByUs: true });
    const { error } = await ground.build({ packages: ['gadget'], repositories });
    expect(error).toMatchObject({ code: 'RELEASE_INVALID', message: 'Nobody signs gadget of plain' });
  });

  test('is refused when the list names neither a key nor that we sign', async () => {
    const { error } = await ground.build({ packages: ['gadget'], repositories: await plain({ keys: [] }) });
    expect(error?.message).toBe('The repository plain has no key, so that nothing of it can be verified');
  });

  test('is signed by us: the same bytes each time, which rpm verifies by our key alone', async () => {
    const repositories = await plain({ keys: [], signedByUs: true });
    const signingKey = ground.keys.disc.fingerprint;
    const build = (cache: string) =>
      ground.build({ packages: ['gadget'], repositories, signingKey, cache: join(ground.user.home, cache) });
    const [first, second] = [await build('cache-one'), await build('cache-two')];
    expect(contents(second)).toEqual(contents(first));
    const gadget = first.resolved?.packages.find(({ locked }) => locked.name === 'gadget');
    expect(gadget?.signedByUs).toBe(true);
    expect(gadget?.stored.sha256).not.toBe(gadget?.locked.sha256);
    await inTemporaryDirectory(async (database) => {
      const check = () => execa('rpmkeys', ['--dbpath', database, '-K', gadget?.stored.file ?? ''], { reject: false });
      expect((await check()).exitCode).toBe(1);
      await execa('rpmkeys', ['--dbpath', database, '--import', join(ground.user.home, 'disc.asc')]);
      expect((await check()).stdout).toContain('digests signatures OK');
    });
  });
});

describe('keys', () => {
  const withKey = (fingerprint: string, file: string) =>
    ground.repositories.map((each) => ({
      ...each,
      source: { ...each.source, keys: [{ fingerprint, location: { file } }] },
    }));

  test('a file with another key than the list says is refused before anything is read by it', async () => {
    const { vendor, stranger } = ground.keys;
    const repositories = withKey(vendor.fingerprint, join(ground.user.home, 'stranger.asc'));
    const { error, told } = await ground.build({ packages: ['widget'], repositories });
    expect(error).toMatchObject({ code: 'VERIFICATION_FAILED', where: join(ground.user.home, 'stranger.asc') });
    expect(error?.message).toContain(`expected ${vendor.fingerprint}, found ${stranger.fingerprint}`);
    expect(told).toEqual([]);
  });

  test('a file with a key too many is refused', async () => {
    const both = join(ground.user.home, 'both.asc');
    const parts = await Promise.all(
      ['vendor', 'stranger'].map((name) => readFile(join(ground.user.home, `${name}.asc`))),
    );
    await writeFile(both, Buffer.concat([parts[0] ?? Buffer.of(), Buffer.from('\n'), parts[1] ?? Buffer.of()]));
    const repositories = withKey(ground.keys.vendor.fingerprint, both);
    const { error } = await ground.build({ packages: ['widget'], repositories });
    expect(error?.message).toContain('has other keys than the release list says');
  });

  test('a file that is no key is refused', async () => {
    const file = join(ground.user.home, 'no-key.txt');
    await writeFile(file, 'no key\n');
    const repositories = withKey(ground.keys.vendor.fingerprint, file);
    const { error } = await ground.build({ packages: ['widget'], repositories });
    expect(error).toMatchObject({ message: 'This is no file of OpenPGP public keys', where: file });
  });

  test('metadata by a key of the list, packages by another: refused', async () => {
    const directory = await ground.copyOf('vendor');
    await signMetadata(directory, ground.keys.stranger);
    const { stranger } = ground.keys;
    const source = {
      keys: [{ fingerprint: stranger.fingerprint, location: { file: join(ground.user.home, 'stranger.asc') } }],
    };
    const repositories = [...ground.repositories.slice(0, 1), ground.repository('vendor', directory, source)];
    const { error } = await ground.build({ packages: ['widget-doc'], repositories });
    expect(error?.code).toBe('VERIFICATION_FAILED');
    expect(error?.message).toMatch(
      /^The package widget-doc-1\.0-1\.noarch cannot be verified by the keys of vendor: .*NOKEY/,
    );
  });
});

describe('a repository that was tampered with', () => {
  const from = (directory: string) => [...ground.repositories.slice(0, 1), ground.repository('vendor', directory)];
  const fileOf = async (directory: string, part: string) =>
    join(directory, (await readdir(directory, { recursive: true })).find((name) => name.includes(part)) ?? part);

  async function flip(path: string): Promise<void> {
    const content = await readFile(path);
    // Near the end: the signatures' own header has room in it that nothing covers but the checksum in the metadata.
    const at = content.length - 20;
    content[at] = (content[at] ?? 0) ^ 1;
    await writeFile(path, content);
  }

  /** Changes the description of packages, and makes all else fit: whoever has the key can. */
  async function redescribe(directory: string, change: (xml: string) => string): Promise<void> {
    const path = await fileOf(directory, '-primary.xml.gz');
    const old = await readFile(path);
    const xml = gunzipSync(old).toString();
    const open = Buffer.from(change(xml));
    expect(open.toString()).not.toBe(xml);
    const packed = gzipSync(open);
    await writeFile(path, packed);
    const digest = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
    const repomd = join(directory, 'repodata/repomd.xml');
    const text = (await readFile(repomd, 'utf8'))
      .replaceAll(`>${digest(old)}<`, `>${digest(packed)}<`)
      .replaceAll(`>${digest(Buffer.from(xml))}<`, `>${digest(open)}<`)
      .replace(`<size>${old.length}</size>`, `<size>${packed.length}</size>`)
      .replace(`<open-size>${xml.length}</open-size>`, `<open-size>${open.length}</open-size>`);
    await writeFile(repomd, text);
    await signMetadata(directory, ground.keys.vendor);
  }

  test('one byte of a package', async () => {
    const directory = await ground.copyOf('vendor');
    await flip(await fileOf(directory, 'widget-1.5-1'));
    const { error } = await ground.build({
      packages: ['widget'],
      repositories: from(directory),
      cache: join(ground.user.home, 'cache-flip'),
    });
    expect(error?.code).toBe('VERIFICATION_FAILED');
    expect(error?.message).toContain('A file is not what the metadata of vendor pins: expected sha256');
  });

  test('one byte of a package, with metadata that fit it', async () => {
    const directory = await ground.copyOf('vendor');
    await flip(await fileOf(directory, 'widget-1.5-1'));
    await describeUpstream(directory, ground.keys.vendor);
    const { error } = await ground.build({ packages: ['widget'], repositories: from(directory) });
    expect(error?.code).toBe('VERIFICATION_FAILED');
    expect(error?.message).toMatch(/^The package widget-1:1\.5-1\.noarch cannot be verified by the keys of vendor: /);
  });

  test('one byte of repomd.xml', async () => {
    const directory = await ground.copyOf('vendor');
    const repomd = join(directory, 'repodata/repomd.xml');
    await writeFile(repomd, (await readFile(repomd, 'utf8')).replace('<revision>', '<revision>1'));
    const { error } = await ground.build({ packages: ['widget'], repositories: from(directory) });
    expect(error?.code).toBe('VERIFICATION_FAILED');
    expect(error?.message).toMatch(/^The repositories of el9\/x86_64 cannot be verified: .*vendor.*GPG signature/);
  });

  test('metadata without a signature, unless the list says that there is none, also when they were taken so before', async () => {
    const directory = await ground.copyOf('vendor');
    await rm(join(directory, 'repodata/repomd.xml.asc'));
    const take = (metadataSigned: boolean) =>
      ground.build({
        packages: ['widget'],
        repositories: [...ground.repositories.slice(0, 1), ground.repository('vendor', directory, { metadataSigned })],
      });
    expect((await take(false)).error).toBeUndefined();
    expect((await take(true)).error).toMatchObject({
      code: 'VERIFICATION_FAILED',
      message: expect.stringMatching(/^The repositories of el9\/x86_64 cannot be verified: .*vendor/),
    });
  });

  test('one byte of the description of packages', async () => {
    const directory = await ground.copyOf('vendor');
    await flip(await fileOf(directory, '-primary.xml.gz'));
    const { error } = await ground.build({ packages: ['widget'], repositories: from(directory) });
    expect(error?.code).toBe('VERIFICATION_FAILED');
    expect(error?.message).toMatch(
      /^The repositories of el9\/x86_64 cannot be verified: .*vendor.*primary.*checksum doesn't match/i,
    );
  });

  test('signed by a key that is not in the list', async () => {
    const directory = await ground.copyOf('vendor');
    await signMetadata(directory, ground.keys.stranger);
    const { error } = await ground.build({ packages: ['widget'], repositories: from(directory) });
    expect(error?.code).toBe('VERIFICATION_FAILED');
  });

  test('without its signature', async () => {
    const directory = await ground.copyOf('vendor');
    await rm(join(directory, 'repodata/repomd.xml.asc'));
    const { error } = await ground.build({ packages: ['widget'], repositories: from(directory) });
    expect(error?.code).toBe('VERIFICATION_FAILED');
  });

  test('a package that is another one than the signed metadata say', async () => {
    const directory = await ground.copyOf('vendor');
    await redescribe(directory, (xml) => xml.replace('<name>widget-doc</name>', '<name>widget-help</name>'));
    const { error } = await ground.build({ packages: ['widget-help'], repositories: from(directory) });
    expect(error?.message).toBe(
      'A package of vendor is not what its metadata say: expected widget-help-1.0-1.noarch, found widget-doc-1.0-1.noarch',
    );
  });

  test.each([
    ['a file elsewhere on this machine', '../distribution/Packages/widget-doc-1.0-1.noarch.rpm', 'lead elsewhere'],
    ['a file by its absolute path', '/etc/passwd', 'vendor/etc/passwd cannot be read'],
  ])('a package that is %s', async (_, place, message) => {
    const directory = await ground.copyOf('vendor');
    await redescribe(directory, (xml) => xml.replace('href="Packages/widget-doc-1.0-1.noarch.rpm"', `href="${place}"`));
    const cache = join(ground.user.home, 'cache-place');
    const { error } = await ground.build({ packages: ['widget-doc'], repositories: from(directory), cache });
    expect(error?.code).toMatch(/^(VERIFICATION_FAILED|RELEASE_INVALID)$/);
    expect(error?.message).toContain(message);
  });

  test('a name that would mean something in a path', async () => {
    const directory = await ground.copyOf('vendor');
    await redescribe(directory, (xml) => xml.replace('<name>widget-doc</name>', '<name>../widget-doc</name>'));
    await redescribe(directory, (xml) => xml.replace('name="widget-doc"', 'name="libwidget2"'));
    const { error } = await ground.build({ packages: ['../widget-doc'], repositories: from(directory) });
    expect(error).toMatchObject({
      code: 'RELEASE_INVALID',
      message: 'A repository of el9/x86_64 describes a package that cannot be',
    });
  });
});

describe('the repository of the disc', () => {
  test('is the same whoever makes it, where, when and with how many workers', async () => {
    const signingKey = ground.keys.disc.fingerprint;
    const one = await ground.build({ packages: ['widget', 'libwidget'], signingKey, concurrency: 1 });
    const copies = await Promise.all(
      (['distribution', 'vendor'] as const).map(async (id) => {
        const directory = await ground.copyOf(id);
        for (const name of await readdir(directory, { recursive: true })) {
          await utimes(join(directory, name), 1_000_000_000, 1_000_000_000);
        }
        return ground.repository(id, directory);
      }),
    );
    const other = await ground.build({
      packages: ['libwidget', 'widget'],
      repositories: copies,
      signingKey,
      concurrency: 7,
      cache: join(ground.user.home, 'another folder, with a comma'),
      asUser: { env: { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }, umask: '077' },
    });
    expect(contents(other)).toEqual(contents(one));
    const later = await ground.build({ packages: ['widget', 'libwidget'], signingKey, epoch: 1_767_398_400 });
    expect(contents(later)).not.toEqual(contents(one));
  });

  test('is compressed with what the dnf of Enterprise Linux 8 reads, dated, and signed', async () => {
    const { repository } = await ground.build({ packages: ['widget'], signingKey: ground.keys.disc.fingerprint });
    const directory = join(repository?.directory ?? '', 'repodata');
    const names = (await readdir(directory)).sort();
    expect(names.map((name) => name.replace(/^[0-9a-f]{64}-/, ''))).toEqual(
      expect.arrayContaining(['primary.xml.gz', 'filelists.xml.gz', 'other.xml.gz', 'repomd.xml', 'repomd.xml.asc']),
    );
    expect(names).toHaveLength(5);
    const xml = await readFile(join(directory, 'repomd.xml'), 'utf8');
    expect(xml).toContain('<revision>1767312000</revision>');
    expect([...xml.matchAll(/<timestamp>(\d+)</g)].map(([, time]) => time)).toEqual(Array(3).fill('1767312000'));
    const key = join(ground.user.home, 'disc.gpg');
    await execa('gpg', ['--batch', '--yes', '--output', key, '--dearmor', join(ground.user.home, 'disc.asc')]);
    await execa('gpgv', ['--keyring', key, join(directory, 'repomd.xml.asc'), join(directory, 'repomd.xml')]);
  });

  test('is not proven when something is not in it, and the proof says who needs it', async () => {
    const { error } = await ground.build({ packages: ['widget'], lost: ['libwidget'] });
    expect(error?.code).toBe('RELEASE_INVALID');
    expect(error?.message).toMatch(
      /^The packages for role node on el9\/x86_64 do not install from the disc alone: .*nothing provides libwidget >= 1 needed by widget-1:1\.5-1\.noarch/,
    );
  });
});

describe('a build that is stopped', () => {
  test('with dnf at work leaves no process, and the next build clears its folders away', async () => {
    const cache = join(ground.user.home, 'cache-killed');
    const { child } = await ground.start({ packages: ['widget'], cache });
    await untilSome(() => processesOf(`cachedir=${cache}`), 1);
    child.kill('SIGKILL');
    await child;
    await untilSome(() => processesOf(cache), 0);
    expect(await readdir(join(cache, 'work'))).not.toEqual([]);
    const built = await ground.build({ packages: ['widget'], cache });
    expect(carried(built)).toHaveLength(3);
    expect(await readdir(join(cache, 'work'))).toEqual([]);
    expect(await readdir(join(cache, 'package-metadata'))).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  });

  /** Processes that have a path in their command line, but for the build itself. */
  async function processesOf(path: string): Promise<string[]> {
    const { stdout } = await execa('ps', ['-eo', 'pid=,args=', '-ww']);
    return stdout.split('\n').filter((line) => line.includes(path));
  }

  async function untilSome(list: () => Promise<string[]>, least: 0 | 1): Promise<void> {
    await expect.poll(async () => Math.min(1, (await list()).length), { timeout: 20_000, interval: 20 }).toBe(least);
  }
});

test('packages come over HTTP, and what a server lacks is told', async () => {
  const directory = await ground.copyOf('vendor');
  const server = createServer((request, response) => {
    const path = join(directory, new URL(request.url ?? '/', 'http://x').pathname.slice('/rpm/'.length));
    readFile(path).then(
      (content) => response.end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/rpm/`;
    const repositories = [...ground.repositories.slice(0, 1), ground.repository('vendor', directory, { url })];
    const cache = join(ground.user.home, 'cache-http');
    const built = await ground.build({ packages: ['widget'], repositories, cache });
    expect(carried(built)).toContain('widget-1:1.5-1.noarch');
    expect(built.told.filter((line) => line.startsWith('progress')).at(-1)).toMatch(/^progress (\d+) \1 bytes$/);
    await rm(join(directory, 'Packages/widget-doc-1.0-1.noarch.rpm'));
    const { error } = await ground.build({ packages: ['widget-doc'], repositories, cache });
    expect(error?.message).toContain('404');
    expect(error?.where ?? error?.message).toContain('widget-doc-1.0-1.noarch.rpm');
  } finally {
    server.close();
  }
});
