import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { binaries } from '../support/release/binaries.ts';
import type { BinaryComponent } from '../support/release/component.ts';
import { unpackDebianPackages } from '../support/release/debian-packages.ts';
import { DEFAULT_KUBERNETES } from '../support/release/pinned-modules.ts';
import { programVersion } from '../support/release/program-version.ts';
import { COMPONENT_NAMES, componentNamed, recipeFor } from '../support/release/recipes.ts';
import { goToolchain } from '../support/release/toolchain.ts';
import { directoryOfTests } from '../support/test-directory.ts';

const COMPONENTS = COMPONENT_NAMES.map((name) => componentNamed(name, DEFAULT_KUBERNETES));
const report = (line: string) => process.stderr.write(`${line}\n`);

let directories: ReadonlyMap<string, string>;
const scratch = directoryOfTests();

beforeAll(async () => {
  const made = COMPONENTS.map(async (component) => [component.name, await binaries(component, report)] as const);
  directories = new Map(await Promise.all(made));
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe.each(COMPONENTS.map((component) => [component.name, component] as const))('%s', (_, component) => {
  const { programs } = recipeFor(component);
  const asked = programs.filter((program) => program.versionArguments);
  test.each(asked.map((program) => [program.file, program] as const))('%s says its version', async (_file, program) => {
    expect(await programVersion(directoryOf(component), program)).toContain(program.says);
  });
});

test('programs built with Go need no library of a host', async () => {
  for (const component of COMPONENTS.filter(({ name }) => name !== 'salt')) {
    for (const program of recipeFor(component).programs) {
      const { stdout } = await execa('readelf', ['--program-headers', join(directoryOf(component), program.file)]);
      expect(stdout, program.file).toContain('Program Headers');
      expect(stdout, program.file).not.toContain('program interpreter');
    }
  }
});

test('Calico comes with the manifest that its images are of', async () => {
  const manifest = await readFile(join(directories.get('calico') ?? '', 'manifests/calico.yaml'), 'utf8');
  expect(manifest).toContain(`calico/node:v${recipeFor({ name: 'calico' }).version}`);
});

test('pause collects orphans and ends when told to', async () => {
  const program = join(directories.get('pause') ?? '', 'pause');
  // As process 1 of a PID namespace, like in a pod; the sleep that it inherits dies as an orphan.
  const script = '(sleep 0.5 &); exec "$1"';
  const shell = ['sh', '-c', script, 'sh', program];
  const namespace = execa('setpriv', ['--pdeathsig', 'KILL', 'unshare', '--pid', '--fork', '--kill-child', ...shell]);
  await expect.poll(() => childrenOf(namespace.pid), { timeout: 5000 }).toHaveLength(1);
  const [pid = 0] = await childrenOf(namespace.pid);
  await expect.poll(() => childrenOf(pid), { timeout: 5000 }).toHaveLength(1);
  await expect.poll(() => childrenOf(pid), { timeout: 5000 }).toHaveLength(0);
  process.kill(pid, 'SIGTERM');
  expect((await namespace).exitCode).toBe(0);
});

test('Salt runs below another root directory, on a Debian 12 userland without any other Python', async () => {
  const root = join(scratch, 'userland');
  await unpackDebianPackages(USERLAND, root);
  for (const folder of ['opt', 'proc', 'dev', 'tmp', 'etc']) await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  const call = ['/opt/saltstack/salt/bin/salt-call', '--local', '--log-level=warning', '--out=json'];
  const opt = join(directories.get('salt') ?? '', 'opt');
  const { stdout } = await execa('unshare', ['--mount', 'sh', '-euc', ENTER, 'sh', root, opt, ...call, 'test.ping']);
  expect(JSON.parse(stdout)).toEqual({ local: true });
});

test('where the machine has too old a Go, the pinned one is installed, and builds', async () => {
  const folder = join(scratch, 'old-go');
  await mkdir(folder);
  await writeFile(join(folder, 'go'), '#!/bin/sh\necho go1.19.8\n');
  await chmod(join(folder, 'go'), 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
  const { go, version, env } = await goToolchain(report);
  expect(version).toBe('go1.26.6');
  const directory = await binaries({ name: 'pause' }, report);
  const { stdout } = await execa(go, ['version', join(directory, 'pause')], { env });
  expect(stdout).toMatch(/pause: go1\.26\.6$/);
});

test('two builds of one recipe are equal, byte for byte', async () => {
  vi.stubEnv('GOCACHE', join(scratch, 'gocache'));
  const again = join(scratch, 'again');
  await mkdir(again);
  await recipeFor({ name: 'pause' }).make(again, report);
  const [first, second] = await Promise.all(
    [directories.get('pause') ?? '', again].map((directory) => readFile(join(directory, 'pause'))),
  );
  expect(second?.equals(first ?? Buffer.of())).toBe(true);
});

/** The part of Debian's essential packages that Salt itself calls, with the libraries they need. */
const USERLAND = [
  'base-files',
  'bash',
  'coreutils',
  'dash',
  'dpkg',
  'grep',
  'libacl1',
  'libattr1',
  'libbz2-1.0',
  'libc6',
  'libgcc-s1',
  'libgmp10',
  'liblzma5',
  'libmd0',
  'libpcre2-8-0',
  'libselinux1',
  'libtinfo6',
  'libzstd1',
  'zlib1g',
];

/** Enters a root directory in a mount namespace, which takes all mounts along when the last process in it ends. */
const ENTER = `
  root=$1 opt=$2; shift 2
  mount --bind "$opt" "$root/opt"
  mount --bind /dev "$root/dev"
  mount -t proc proc "$root/proc"
  exec chroot "$root" "$@"
`;

function directoryOf(component: BinaryComponent): string {
  return directories.get(component.name) ?? '';
}

/** The process ids of children, those included that ended and were not collected. */
async function childrenOf(pid: number | undefined): Promise<number[]> {
  const { stdout } = await execa('ps', ['--ppid', String(pid), '--format', 'pid='], { reject: false });
  return stdout.split('\n').filter(Boolean).map(Number);
}
