import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageKeyPath, packagesPath } from '../../src/disc/paths.ts';
import { nevraText } from '../../src/packages/nevra.ts';
import {
  installArguments,
  renderRepositoryFile,
  repositoryFilePath,
} from '../../src/packages/render-repository-file.ts';
import { containerdConfiguration } from '../support/cluster/containerd-configuration.ts';
import type { TestHost } from '../support/hosts/host.ts';
import { createNetwork, type TestNetwork } from '../support/hosts/network.ts';
import { type PackageDisc, packageDisc } from '../support/packages/package-disc.ts';
import { describeUpstream } from '../support/packages/upstream.ts';
import { testRelease } from '../support/release/release.ts';
import { withSigner } from '../support/release/signing-key.ts';

/** dnf on a host installs from the packages of a disc, with both signature checks on, and takes nothing that was altered. */
const report = (line: string) => void process.stderr.write(`${line}\n`);

const PLATFORM = 'el9/x86_64';
const VERSION = '136.0.0';
const SCRIPT = join(import.meta.dirname, '../../iso/examples/prove-packages.sh');
/** Where the host has the disc, and copies of it that tests damage. */
const MOUNT = '/mnt/disc';
const DAMAGED = '/mnt/damaged';

let work: string;
let network: TestNetwork;
let host: TestHost;
let disc: PackageDisc;

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'mk8s-packages-'));
  const release = await testRelease({}, report);
  disc = await packageDisc(release, { platform: PLATFORM, work }, report);
  await mkdir(join(work, 'damaged'));
  network = await createNetwork({ report });
  host = await network.addHost({
    name: 'node1',
    kind: 'el9-double',
    binds: [
      { source: disc.directory, target: MOUNT },
      { source: join(work, 'damaged'), target: DAMAGED },
    ],
  });
  await host.write('/etc/yum.repos.d/vendor.repo', UNREACHABLE);
  await host.write(repositoryFilePath(VERSION), repositoryFile(VERSION, MOUNT));
});

afterAll(async () => {
  await network?.destroy();
  await rm(work, { recursive: true, force: true });
});

/** What the host's owner has, and what nobody can reach from here: dnf stops where it as much as looks at it. */
const UNREACHABLE = `[vendor]
name=The distribution
baseurl=https://192.0.2.1/baseos/
gpgcheck=1
enabled=1
skip_if_unavailable=0
timeout=2
retries=1
`;

function repositoryFile(version: string, mount: string): string {
  return renderRepositoryFile({
    version,
    baseUrl: `file://${mount}/${packagesPath(PLATFORM)}/`,
    keyUrls: disc.keys.map((fingerprint) => `file://${mount}/${packageKeyPath(fingerprint, 'armoured')}`),
  });
}

function named(...names: string[]) {
  return disc.resolved.packages.map(({ header }) => header).filter(({ name }) => names.includes(name));
}

/** With the same files, not copies of their bytes: who changes one puts another in its place. */
const copy = (directory: string) => execa('cp', ['--recursive', '--link', disc.directory, directory]);

async function flip(path: string): Promise<void> {
  const content = await readFile(path);
  const at = content.length - 100;
  content[at] = (content[at] ?? 0) ^ 1;
  await rm(path);
  await writeFile(path, content);
}

async function fileOf(repository: string, part: string): Promise<string> {
  const names = await readdir(repository, { recursive: true });
  return join(repository, names.find((name) => name.includes(part)) ?? part);
}

const installed = async () => (await host.run(['rpm', '--query', '--all'])).stdout.trim().split('\n').sort();

describe('the script that shows the same on any host', () => {
  const prove = async (mount: string) => {
    await host.write('/root/prove-packages.sh', await readFile(SCRIPT, 'utf8'));
    return host.run(['sh', '/root/prove-packages.sh', mount], { check: false });
  };

  test('finds everything as it should be, and changes nothing', async () => {
    const state = async () =>
      (await host.run({ script: 'rpm -qa | sort; ls -A /tmp /etc/yum.repos.d; pgrep -a gpg-agent || :' })).stdout;
    const before = await state();
    const { exitCode, stdout } = await prove(MOUNT);
    expect(stdout.split('\n')).toEqual([
      'ok      kubelet kubeadm kubectl cri-tools containerd.io salt-minion: they install from the disc alone',
      'ok      a copy that nobody altered: accepted',
      expect.stringMatching(/^ok {6}one byte of .*\.rpm: refused$/),
      'ok      one byte of the description of packages: refused',
      'ok      one byte of repomd.xml: refused',
      'ok      one byte of the signature of repomd.xml: refused',
      'ok      no signature of repomd.xml: refused',
      'everything is as it should be',
      '',
    ]);
    expect(exitCode).toBe(0);
    expect(await state()).toBe(before);
  });

  test('finds fault with a disc whose kubelet was altered', async () => {
    await copy(join(work, 'damaged', 'kubelet'));
    await flip(await fileOf(join(work, 'damaged', 'kubelet'), 'kubelet-1'));
    const { exitCode, stdout } = await prove(`${DAMAGED}/kubelet`);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('FAILED  kubelet kubeadm');
  });

  test('says how it is used', async () => {
    expect(await prove('/')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('usage: sh prove-packages.sh'),
    });
  });
});

test('kubelet, containerd and Salt install, with what they require, and with nothing else', async () => {
  const before = await installed();
  const wanted = named('kubelet', 'containerd.io', 'salt-minion');
  await host.run(['dnf', ...installArguments(VERSION, wanted)]);
  const added = (await installed()).filter((name) => !before.includes(name) && !name.startsWith('gpg-pubkey-'));
  const expected = named(
    ...['kubelet', 'kubernetes-cni', 'containerd.io', 'container-selinux', 'salt-minion', 'salt'],
    ...['dmidecode', 'pciutils', 'pciutils-libs', 'hwdata'],
  );
  expect(added).toEqual(expected.map(nevraText).sort());
  for (const [command, says] of PROGRAMS) expect((await host.run(command)).stdout).toContain(says);
});

const PROGRAMS = [
  [['kubelet', '--version'], 'Kubernetes v1.36.3'],
  [['containerd', '--version'], 'v2.2.0'],
  [['salt-call', '--version'], '3008.3'],
] as const;

test('every package came from the disc, and its signature was verified', async () => {
  const format = '%{name} %{from_repo}\\n';
  const { stdout } = await host.run([
    'dnf',
    '--quiet',
    '--disablerepo=*',
    'repoquery',
    '--installed',
    `--qf=${format}`,
  ]);
  expect(stdout).toContain(`kubelet metalk8s-${VERSION}`);
  const keys = (await host.run(['rpm', '--query', 'gpg-pubkey', '--qf', '%{VERSION}\n'])).stdout.trim().split('\n');
  const known = new Set(keys.map((key) => key.toLowerCase()));
  for (const { header } of disc.resolved.packages.filter((each) => each.locked.name === 'kubelet')) {
    const query = ['rpm', '--query', header.name, '--qf', '%{RSAHEADER:pgpsig}'] as const;
    const [, key = ''] = /Key ID ([0-9a-f]{16})/.exec((await host.run(query)).stdout) ?? [];
    expect(known).toContain(key.slice(8));
  }
});

test('the same again changes nothing', async () => {
  const { stdout } = await host.run(['dnf', ...installArguments(VERSION, named('kubelet', 'containerd.io'))]);
  expect(stdout).toContain('Nothing to do.');
});

test('the owner’s own transactions do not see the repository', async () => {
  const { stdout } = await host.run(['dnf', 'repolist', '--enabled']);
  expect(stdout).toContain('vendor');
  expect(stdout).not.toContain('metalk8s');
  const { exitCode } = await host.run(['dnf', '--assumeyes', 'install', 'cri-tools'], { check: false });
  expect(exitCode).not.toBe(0);
});

test('crictl of the release asks containerd of the release', async () => {
  await host.run(['dnf', ...installArguments(VERSION, named('cri-tools', 'kubeadm', 'socat', 'iptables-nft'))]);
  await host.write('/etc/containerd/config.toml', containerdConfiguration('registry.k8s.io/pause:3.10.2'));
  await host.run(['systemctl', 'start', 'containerd.service']);
  expect((await host.run(['crictl', 'version'])).stdout).toMatch(
    /RuntimeName: +containerd\nRuntimeVersion: +v2\.2\.0\n/,
  );
  const { stdout } = await host.run(['crictl', 'info']);
  expect(JSON.parse(stdout)).toMatchObject({ status: { conditions: expect.any(Array) } });
  expect((await host.run(['crictl', 'ps', '-a', '-o', 'json'])).stdout).toContain('"containers"');
});

describe('one changed byte', () => {
  /** A copy of the disc that a test damages; its number is in its version and in its place. */
  let copies = 0;
  async function damaged(damage: (repository: string) => Promise<void>) {
    copies += 1;
    const version = `136.0.${copies}`;
    const directory = join(work, 'damaged', version);
    await copy(directory);
    await damage(join(directory, packagesPath(PLATFORM)));
    await host.write(repositoryFilePath(version), repositoryFile(version, `${DAMAGED}/${version}`));
    const before = await installed();
    const [conntrack] = named('conntrack-tools');
    if (conntrack === undefined) throw new Error('the disc has no conntrack-tools');
    const { exitCode, stderr, stdout } = await host.run(['dnf', ...installArguments(version, [conntrack])], {
      check: false,
    });
    expect(exitCode).not.toBe(0);
    expect(await installed()).toEqual(before);
    return stdout + stderr;
  }

  test('in a package', async () => {
    const words = await damaged(async (repository) => flip(await fileOf(repository, 'conntrack-tools')));
    expect(words).toMatch(/incorrect checksum|checksum doesn't match/i);
  });

  test('in a package, with metadata that fit it and that we have signed', async () => {
    const words = await damaged(async (repository) => {
      await flip(await fileOf(repository, 'conntrack-tools'));
      await withSigner(report, async ({ env, fingerprint }) => describeUpstream(repository, { env, fingerprint }));
    });
    expect(words).toMatch(/conntrack-tools.*(is not signed|GPG check FAILED|signature)|GPG check FAILED/is);
  });

  test('in the description of packages', async () => {
    const words = await damaged(async (repository) => flip(await fileOf(repository, 'primary.xml.gz')));
    expect(words).toContain('Cannot download');
  });

  test('in repomd.xml', async () => {
    const words = await damaged(async (repository) => flip(join(repository, 'repodata/repomd.xml')));
    expect(words).toContain('GPG signature');
  });

  test('in the signature of repomd.xml', async () => {
    const words = await damaged(async (repository) => flip(join(repository, 'repodata/repomd.xml.asc')));
    expect(words).toContain('GPG');
  });

  test('no signature of repomd.xml at all', async () => {
    const words = await damaged((repository) => rm(join(repository, 'repodata/repomd.xml.asc')));
    expect(words).toContain('GPG');
  });

  test('the copy itself is no reason: without damage the package installs', async () => {
    await copy(join(work, 'damaged', 'whole'));
    await host.write(repositoryFilePath('136.9.9'), repositoryFile('136.9.9', `${DAMAGED}/whole`));
    await host.run(['dnf', ...installArguments('136.9.9', named('conntrack-tools'))]);
    expect(await installed()).toContain(named('conntrack-tools').map(nevraText)[0]);
  });
});
