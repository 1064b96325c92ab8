import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { execa } from 'execa';
import { beforeAll, expect, test } from 'vitest';
import { type TestRelease, testRelease } from '../support/release/release.ts';
import { BASE_CAPABILITIES } from '../support/release/rpms/base-capabilities.ts';
import { buildRpm } from '../support/release/rpms/build-rpm.ts';
import type { RpmPackage } from '../support/release/rpms/package.ts';
import { writeRepository } from '../support/release/rpms/repository.ts';
import { directoryOfTests } from '../support/test-directory.ts';

const report = (line: string) => void process.stderr.write(`${line}\n`);

let release: TestRelease;
const scratch = directoryOfTests();
let database: string;

beforeAll(async () => {
  release = await testRelease({}, report);
  database = join(scratch, 'rpmdb');
  await mkdir(database);
  await execa('rpm', ['--dbpath', database, '--import', release.key.armoured]);
});

test('a second call finds everything made', async () => {
  const started = performance.now();
  const again = await testRelease({}, () => {
    throw new Error('something was made again');
  });
  report(`warm call: ${Math.round(performance.now() - started)} ms`);
  expect(again).toEqual(release);
});

test('kubelet says what upstream’s package says', async () => {
  const query = async (what: string) => lines(await rpm(['-qp', what, await packageNamed('kubelet-1.36.3')]));
  expect(await query('--requires')).toEqual(
    expect.arrayContaining(['iptables >= 1.4.21', 'kubernetes-cni >= 1.2.0', 'util-linux', '/bin/sh']),
  );
  expect(await query('--list')).toEqual([
    '/etc/kubernetes',
    '/etc/kubernetes/manifests',
    '/etc/sysconfig/kubelet',
    '/usr/bin/kubelet',
    '/usr/lib/systemd/system/kubelet.service',
    '/var/lib/kubelet',
  ]);
  expect(await query('--configfiles')).toEqual(['/etc/sysconfig/kubelet']);
  expect((await query('--scripts')).filter((line) => line.includes('scriptlet'))).toEqual([
    'postinstall scriptlet (using /bin/sh):',
    'preuninstall scriptlet (using /bin/sh):',
    'postuninstall scriptlet (using /bin/sh):',
  ]);
});

test('nothing that rpm found by itself slipped into a package: no library of Debian is required', async () => {
  const requires = lines(await rpm(['-qp', '--requires', ...(await packages())]));
  expect(requires.filter((name) => /\.so\b/.test(name) && !/^lib(c|pci)\.so\./.test(name))).toEqual([]);
});

test('every package is signed by the release’s key, which rpm verifies, and by no other', async () => {
  const all = await packages();
  expect(all.length).toBeGreaterThan(12);
  const verified = lines(await rpm(['-K', ...all]));
  expect(verified).toEqual(all.map((path) => `${path}: digests signatures OK`));
  const empty = join(scratch, 'no-keys');
  await mkdir(empty);
  const { stdout, exitCode } = await execa('rpm', ['--dbpath', empty, '-K', ...all.slice(0, 1)], { reject: false });
  expect([exitCode, stdout]).toEqual([1, expect.stringContaining('SIGNATURES NOT OK')]);
});

test('the metadata of each repository is signed, and names each package with its checksum', async () => {
  for (const { directory } of release.repositories) {
    const metadata = join(directory, 'repodata/repomd.xml');
    await execa('gpgv', ['--keyring', release.key.binary, `${metadata}.asc`, metadata]);
    const named = new Map<string, string>();
    const xml = await primary(directory);
    for (const [, checksum = '', href = ''] of xml.matchAll(/pkgid="YES">(\w+)<[\s\S]*?<location href="([^"]+)"/g)) {
      named.set(href, checksum);
    }
    const files = (await readdir(directory, { recursive: true })).filter((name) => name.endsWith('.rpm'));
    expect([...named.keys()].sort()).toEqual(files.sort());
    for (const [href, checksum] of named) {
      expect(
        createHash('sha256')
          .update(await readFile(join(directory, href)))
          .digest('hex'),
      ).toBe(checksum);
    }
  }
});

test('dnf, which verifies packages and metadata, finds all that the products need on a minimal system', async () => {
  const wanted = ['containerd.io', 'kubelet', 'kubeadm', 'kubectl', 'salt-minion'];
  const installed = await resolve(wanted);
  const names = installed.map((name) => name.replace(/-[^-]+-[^-]+$/, ''));
  expect(names.sort()).toEqual(
    [
      ...['containerd.io', 'kubelet', 'kubeadm', 'kubectl', 'kubernetes-cni', 'salt', 'salt-minion'],
      'cri-tools',
      ...['container-selinux', 'dmidecode', 'hwdata', 'pciutils', 'pciutils-libs', 'minimal-system'],
    ].sort(),
  );
  expect(installed).toContain('container-selinux-2.235.0-1.el9.noarch');
});

test('dnf has a choice, and takes the older of two versions when told to', async () => {
  expect(await resolve(['container-selinux-2.232.1'])).toContain('container-selinux-2.232.1-1.el9.noarch');
});

/** A stand-in for what a minimal Enterprise Linux has. */
const MINIMAL_SYSTEM: RpmPackage = {
  name: 'minimal-system',
  version: '9.6',
  release: '1',
  architecture: 'noarch',
  summary: 'What a minimal system provides',
  license: 'Apache-2.0',
  url: 'https://metalk8s.test',
  provides: BASE_CAPABILITIES,
  files: [{ kind: 'folder', path: '/usr' }],
};

/**
 * Names of what dnf takes for a minimal system with the wanted packages. It resolves and verifies them, and runs the transaction
 * as far as rpm's own test goes: no file is written and no script runs.
 */
async function resolve(wanted: readonly string[]): Promise<string[]> {
  const root = await mkdtemp(join(scratch, 'root-'));
  const base = join(root, 'base-repository');
  const path = await buildRpm(MINIMAL_SYSTEM, report);
  await writeRepository(base, { folderOf: () => '', built: [{ rpm: MINIMAL_SYSTEM, path }] }, report);
  const sections = [{ id: 'base', directory: base }, ...release.repositories].map(
    ({ id, directory }) => `[${id}]
name=${id}
baseurl=file://${directory}
gpgkey=file://${release.key.armoured}
gpgcheck=1
repo_gpgcheck=1
`,
  );
  const config = join(root, 'dnf.conf');
  await writeFile(config, ['[main]\nreposdir=/dev/null\n', ...sections].join('\n'));
  const downloads = join(root, 'downloads');
  const options = [
    `--config=${config}`,
    `--installroot=${join(root, 'system')}`,
    `--setopt=cachedir=${root}/cache`,
    '--setopt=tsflags=test',
    '--releasever=9',
    '--assumeyes',
    '--quiet',
  ];
  const dnf = (...more: string[]) => {
    const command = [...options, 'install', ...more, 'minimal-system', ...wanted];
    return execa('dnf', command, { env: { LC_ALL: 'C.UTF-8' }, stdin: 'ignore' });
  };
  await dnf('--downloadonly', `--downloaddir=${downloads}`);
  await dnf();
  return (await readdir(downloads)).map((name) => name.replace(/\.rpm$/, ''));
}

async function packages(): Promise<string[]> {
  const found = await Promise.all(
    release.repositories.map(async ({ directory }) =>
      (await readdir(directory, { recursive: true })).map((name) => join(directory, name)),
    ),
  );
  return found.flat().filter((path) => path.endsWith('.rpm'));
}

async function packageNamed(prefix: string): Promise<string> {
  const found = (await packages()).find((path) => path.includes(`/${prefix}-`));
  if (!found) throw new Error(`the release has no package ${prefix}`);
  return found;
}

async function rpm(args: readonly string[]): Promise<string> {
  return (await execa('rpm', ['--dbpath', database, ...args], { env: { LC_ALL: 'C.UTF-8' } })).stdout;
}

async function primary(directory: string): Promise<string> {
  const folder = join(directory, 'repodata');
  const name = (await readdir(folder)).find((each) => each.endsWith('-primary.xml.gz')) ?? '';
  return gunzipSync(await readFile(join(folder, name))).toString();
}

function lines(text: string): string[] {
  return text.split('\n').filter(Boolean);
}
