import { mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached, hashFiles, type Recipe, type Report } from '../cache.ts';
import { aptSources, SUITE } from './apt-sources.ts';
import { commonFiles, MASKED_UNITS } from './base-files.ts';
import { basePackages } from './base-packages.ts';
import { el9Capabilities } from './el9-capabilities.ts';
import { makeEl9Double } from './el9-double.ts';
import { machineTool } from './machine-tool.ts';
import type { HostKind } from './types.ts';
import { writeFiles } from './write-files.ts';

/** Size of the file system in the cached image; a host with a disk of this size needs no resizing. */
export const BASE_DISK_GIB = 12;

/** Files whose change makes another base tree. */
const SOURCES = ['base-image.ts', 'base-files.ts', 'write-files.ts'];
const EL9_SOURCES = ['el9-double.ts', 'el9-base-package.ts'];

/**
 * The disk image (ext4, sparse) that hosts of a kind start from: a Debian userland from the machine's own apt sources, made once
 * and cached by its recipe. It is never mounted or written: hosts get copies.
 */
export async function baseImage(kind: HostKind, report: Report): Promise<string> {
  const isDouble = kind === 'el9-double';
  const sources = (isDouble ? [...SOURCES, ...EL9_SOURCES] : SOURCES).map((name) =>
    fileURLToPath(new URL(name, import.meta.url)),
  );
  const inputs = {
    suite: SUITE,
    architecture: process.arch,
    packages: basePackages(kind),
    capabilities: isDouble ? el9Capabilities() : [],
    sources: await hashFiles(sources),
  };
  const recipe: Recipe = {
    name: `host-${kind}`,
    inputs,
    make: (directory) => makeImage(kind, directory, report),
  };
  return join(await cached(recipe, report), 'base.ext4');
}

/** All processes of the command die with this one, so that none of a killed maker writes where the next one works. */
const ENDS_WITH_US = [
  'setpriv',
  '--pdeathsig',
  'KILL',
  'unshare',
  '--pid',
  '--fork',
  '--kill-child',
  '--mount-proc',
] as const;

async function makeImage(kind: HostKind, directory: string, report: Report): Promise<void> {
  const tree = join(directory, 'tree');
  report(`host-${kind}: installing ${basePackages(kind).length} Debian packages and what they need (a minute or two)`);
  await installTree(kind, tree, directory);
  await writeFiles(tree, commonFiles());
  await machineTool(['chroot', tree, 'systemctl', '--quiet', 'enable', 'test-ground.service', 'ssh.service']);
  await machineTool(['chroot', tree, 'systemctl', '--quiet', 'mask', ...MASKED_UNITS]);
  if (kind === 'el9-double') await makeEl9Double(tree);
  report(`host-${kind}: making the disk image`);
  await makeFileSystem(tree, join(directory, 'base.ext4'));
  await rm(tree, { recursive: true });
}

async function installTree(kind: HostKind, tree: string, directory: string): Promise<void> {
  const { lines, options } = await aptSources();
  const list = join(directory, 'sources.list');
  await writeFile(list, `${lines.join('\n')}\n`);
  await machineTool([
    ...ENDS_WITH_US,
    'mmdebstrap',
    '--mode=root',
    '--variant=minbase',
    '--format=directory',
    `--include=${basePackages(kind).join(',')}`,
    ...options.map((option) => `--aptopt=${option}`),
    ...['man', 'doc', 'locale', 'info'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
    SUITE,
    tree,
    list,
  ]);
  await rm(list);
  // What is of the machine that built the tree, or that every host must have for itself.
  const own = [
    'etc/apt/sources.list',
    'etc/apt/sources.list.d',
    'etc/machine-id',
    'var/lib/dbus/machine-id',
    'etc/resolv.conf',
    'etc/hostname',
  ];
  for (const path of own) await rm(join(tree, path), { force: true, recursive: true });
  await mkdir(join(tree, 'etc/apt/sources.list.d'));
  for (const type of ['rsa', 'ecdsa', 'ed25519']) {
    for (const end of ['', '.pub']) await rm(join(tree, `etc/ssh/ssh_host_${type}_key${end}`), { force: true });
  }
}

async function makeFileSystem(tree: string, image: string): Promise<void> {
  await mkdir(join(tree, 'lost+found'), { mode: 0o700, recursive: true });
  await writeFile(image, '');
  await truncate(image, BASE_DISK_GIB * 1024 ** 3);
  const lazy = 'lazy_itable_init=1,lazy_journal_init=1,nodiscard';
  await machineTool(['mkfs.ext4', '-q', '-F', '-m', '0', '-L', 'root', '-E', lazy, '-d', tree, image]);
}
