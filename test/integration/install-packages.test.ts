import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { installPackages } from '../../src/engine/steps/install-packages.ts';
import { SEEN_WHOLE } from '../../src/engine/steps/whole-packages.ts';
import { installArguments, renderRepositoryFile, repositoryId } from '../../src/packages/render-repository-file.ts';
import { actingHost } from '../support/engine/acting-host.ts';
import { withGpgHome } from '../support/gpg-home.ts';
import type { SmallPackage } from '../support/packages/small-rpm.ts';
import { makeUpstream } from '../support/packages/upstream.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

/** What the step does with real dnf and rpm on a system whose owner has packages in other versions than the archive: in a root of its own. */
const report = (line: string) => void process.stderr.write(`${line}\n`);

/** No other test has it: agents are ended by it. */
const VERSION = '136.4711.0';
const exact = (name: string, version = '1.0') => `${name}-0:${version}-1.noarch`;

const OWNERS: readonly SmallPackage[] = [
  { name: 'tool' },
  { name: 'base' },
  { name: 'base-tool', relations: ['Requires: base = 1.0'] },
  { name: 'kept' },
];

const ARCHIVE: readonly SmallPackage[] = [
  { name: 'node', relations: ['Requires: library', 'Requires: tool'], isConfigured: true },
  { name: 'library' },
  { name: 'wanted', isConfigured: true },
  { name: 'tool', version: '2.0' },
  // What it requires is not in the archive.
  { name: 'base-tool', version: '2.0', relations: ['Requires: base = 2.0'] },
  { name: 'kept', version: '2.0' },
];

const NAMES = ['tool', 'base-tool', 'kept', 'wanted'];

async function onSystem(use: (system: Awaited<ReturnType<typeof systemIn>>) => Promise<void>): Promise<void> {
  await inTemporaryDirectory((work) =>
    withGpgHome(async (gpg) => {
      const key = { fingerprint: (await gpg.makeKey('archive')).fingerprint, env: gpg.env };
      const { stdout } = await gpg.gpg(['--armor', '--export', key.fingerprint]);
      await writeFile(join(work, 'key.asc'), stdout);
      await makeUpstream(join(work, 'owner'), { packages: OWNERS }, report);
      await makeUpstream(join(work, 'archive'), { packages: ARCHIVE, packageKey: key, metadataKey: key }, report);
      await use(await systemIn(work));
    }),
  );
}

/** A root with what the owner has installed, whose dnf is set up as Enterprise Linux sets it up. */
async function systemIn(work: string) {
  const root = join(work, 'root');
  const repositories = join(root, 'etc/yum.repos.d');
  await mkdir(join(root, 'etc/dnf'), { recursive: true });
  await mkdir(repositories);
  const configuration = '[main]\ngpgcheck=1\nbest=True\nskip_if_unavailable=False\nexcludepkgs=kept\n';
  await writeFile(join(root, 'etc/dnf/dnf.conf'), configuration);
  // It keeps them out of itself alone, which preflight counts on.
  const vendor = '[vendor]\nname=Vendor\nbaseurl=file:///nowhere/\nexcludepkgs=node library wanted\n';
  await writeFile(join(repositories, 'vendor.repo'), vendor);
  const archive = { version: VERSION, baseUrl: `file://${work}/archive/`, keyUrls: [`file://${work}/key.asc`] };
  await writeFile(join(repositories, 'archive.repo'), renderRepositoryFile(archive));
  const dnf = [`--installroot=${root}`, `--config=${root}/etc/dnf/dnf.conf`, `--setopt=reposdir=${repositories}`];
  const within: Readonly<Record<string, readonly string[]>> = {
    dnf: [...dnf, `--setopt=cachedir=${root}/var/cache/dnf`, '--releasever=9', '--noplugins'],
    rpm: [`--root=${root}`],
  };
  const run = async (_: string, words: readonly string[], __?: unknown, input = '') => {
    const at = words[0] === 'xargs' ? 2 : 0;
    const program = words[at] ?? '';
    const inRoot = within[program] ?? [];
    // Where a program knows of no root, its paths are told with it, and so they are in its answer.
    const isTold = at > 0 && inRoot.length === 0;
    const { exitCode, stdout, stderr } = await execa(
      words[0] ?? '',
      [...words.slice(1, at), ...(at > 0 ? [program] : []), ...inRoot, ...words.slice(at + 1)],
      { env: { LC_ALL: 'C.UTF-8' }, reject: false, input: isTold ? input.replace(/(?<=^|\0)\//g, `${root}/`) : input },
    );
    return { exitCode: exitCode ?? 1, stdout: isTold ? stdout.replaceAll(`${root}/`, '/') : stdout, stderr };
  };
  const owners = ['--disableexcludes=all', '--nogpgcheck', '--repofrompath', `owner,${work}/owner`, '--repo=owner'];
  const names = OWNERS.map(({ name }) => name);
  const bought = await run('', ['dnf', '--assumeyes', ...owners, 'install', '--', ...names]);
  expect(bought).toMatchObject({ exitCode: 0 });
  const acting = actingHost(root, { run });
  return { ...acting, run, root };
}

const step = {
  id: 'install-packages',
  host: 'node-1',
  kind: 'install-packages',
  title: '',
  reason: '',
  disrupts: null,
  repository: repositoryId(VERSION),
  packages: [exact('node')],
  anyVersion: NAMES,
  command: ['dnf', ...installArguments(VERSION, [])],
} as const;

test('packages of the owner stay in the versions they have; the others come, and the record tells them apart', () =>
  onSystem(async ({ context, commands, noted, run }) => {
    const installed = async () => {
      const { stdout } = await run('', ['rpm', '--query', '--all', '--queryformat=%{NAME} %{VERSION}\\n']);
      return stdout.split('\n').filter((line) => !line.startsWith('gpg-pubkey'));
    };
    expect(await installPackages(step, context)).toEqual({ changed: true });
    const before = ['base 1.0', 'base-tool 1.0', 'kept 1.0', 'tool 1.0'];
    expect((await installed()).sort()).toEqual([...before, 'library 1.0', 'node 1.0', 'wanted 1.0'].sort());
    const packages = ['base', 'base-tool', 'kept', 'tool'].map((name) => exact(name));
    expect(noted).toContainEqual({ what: 'packages-before', packages });
    const transactions = () => commands.filter((each) => each.startsWith('dnf '));
    expect(transactions()).toEqual([[...step.command, exact('node'), 'wanted'].join(' ')]);

    expect(await installPackages(step, context)).toEqual({ changed: false });
    expect(transactions()).toHaveLength(1);

    // Another transaction may bring one meanwhile: its name upgrades nothing either.
    const named = await run('', [...step.command, 'tool', 'base-tool']);
    expect(named).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Nothing to do.') });
  }));

test('after a power cut amid a transaction all is as the packages brought it, and no trace is left of what lay empty', () =>
  onSystem(async ({ context, noted, run, root }) => {
    await installPackages(step, context);
    const all = await filesOf(root);
    const isLost = (path: string) => /library$|node\.conf$|wanted/.test(path);
    expect(Object.keys(all).filter(isLost)).toEqual([
      'etc/node.conf',
      'etc/wanted.conf',
      'usr/share/small/library',
      'usr/share/small/wanted',
    ]);

    // RPM does not know of the one whose transaction was cut off.
    await run('', ['rpm', '--erase', '--justdb', '--nodeps', '--', 'wanted']);
    for (const path of Object.keys(all).filter(isLost)) await truncate(join(root, path));
    await writeFile(join(root, 'etc/tool.conf'), '');
    await rm(join(root, SEEN_WHOLE));
    const before = [...noted];
    expect(await installPackages(step, context)).toEqual({ changed: true });
    expect(await filesOf(root)).toEqual({ ...all, 'etc/tool.conf': '' });
    expect(noted).toEqual(before);
    expect(await installPackages(step, context)).toEqual({ changed: false });
  }));

/** What packages and their owner have in a root, by path. */
async function filesOf(root: string): Promise<Readonly<Record<string, string>>> {
  const folders = ['etc', 'usr/share/small'];
  const paths = [];
  for (const folder of folders)
    for (const entry of await readdir(join(root, folder), { withFileTypes: true }))
      if (entry.isFile()) paths.push(`${folder}/${entry.name}`);
  const texts = await Promise.all(paths.map(async (path) => [path, await readFile(join(root, path), 'utf8')] as const));
  return Object.fromEntries(texts.sort());
}
