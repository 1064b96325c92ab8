import { chown, cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { SourcedRepository } from '../../../src/build/packages/upstream-repository.ts';
import type { PackagePlatform, ReleasePackage } from '../../../src/release/release.ts';
import { gpgHome } from '../gpg-home.ts';
import { type OrdinaryUser, ordinaryUser } from './ordinary-user.ts';
import { type PackageBuild, type PackageBuildResult, runPackageBuild } from './run-package-build.ts';
import { makeUpstream, type UpstreamKey } from './upstream.ts';

/** 2026-01-02: the day of the disc. */
const EPOCH = 1_767_312_000;

/** Two upstream repositories of a made-up platform, and an ordinary user who builds from them. */
export interface PackageGround {
  readonly user: OrdinaryUser;
  /** Who signs the repositories; a key that nobody knows; and who signs the disc. */
  readonly keys: Readonly<Record<'vendor' | 'stranger' | 'disc', UpstreamKey>>;
  /** A copy of a repository, for a test to damage; its directory. */
  copyOf(id: 'distribution' | 'vendor' | 'plain'): Promise<string>;
  /** How a build names a repository in that directory. */
  repository(id: string, directory: string, changes?: Partial<SourcedRepository['source']>): SourcedRepository;
  /** What the repositories are without damage. */
  readonly repositories: readonly SourcedRepository[];
  build(changes: BuildChanges): Promise<PackageBuildResult>;
  /** The same in a process of root, without waiting for its end. */
  start(changes: BuildChanges): Promise<{ readonly child: RunningBuild }>;
  close(): Promise<void>;
}

/** A process that a test ends. */
interface RunningBuild extends PromiseLike<unknown> {
  kill(signal: 'SIGKILL'): boolean;
}

interface BuildChanges extends Partial<Omit<PackageBuild, 'request'>> {
  readonly repositories?: readonly SourcedRepository[];
  readonly packages?: readonly (string | ReleasePackage)[];
  readonly platform?: Partial<PackagePlatform>;
  readonly locked?: PackageBuild['request']['locked'];
  /** In a process of the ordinary user, who has a cache apart; with an environment or umask of its own. Otherwise in this process. */
  readonly asUser?: true | { readonly env?: Record<string, string>; readonly umask?: string };
}

const FIXTURE = join(import.meta.dirname, '../../integration/fixtures/build-packages.ts');

export async function packageGround(report: (line: string) => void): Promise<PackageGround> {
  const [user, gpg] = await Promise.all([ordinaryUser(), gpgHome()]);
  const key = async (name: string) => ({ fingerprint: (await gpg.makeKey(name)).fingerprint, env: gpg.env });
  const keys = { vendor: await key('vendor'), stranger: await key('stranger'), disc: await key('disc') };
  await lendKey(keys.disc, user);
  for (const [name, { fingerprint }] of Object.entries(keys)) {
    const { stdout } = await execa('gpg', ['--batch', '--armor', '--export', fingerprint], { env: gpg.env });
    await writeFile(join(user.home, `${name}.asc`), stdout);
  }
  const upstream = join(user.home, 'upstream');
  const signed = { packageKey: keys.vendor, metadataKey: keys.vendor };
  await makeUpstream(join(upstream, 'distribution'), { ...signed, packages: DISTRIBUTION }, report);
  await makeUpstream(join(upstream, 'vendor'), { ...signed, packages: VENDOR }, report);
  await makeUpstream(join(upstream, 'plain'), { packages: PLAIN }, report);

  let copies = 0;
  let builds = 0;
  const repository: PackageGround['repository'] = (id, directory, changes = {}) => ({
    id,
    url: `https://${id}.example.com/rpm/`,
    keys: [],
    signedByUs: false,
    metadataSigned: true,
    source: {
      url: `file://${directory}/`,
      keys: [{ fingerprint: keys.vendor.fingerprint, location: { file: join(user.home, 'vendor.asc') } }],
      signedByUs: false,
      metadataSigned: true,
      ...changes,
    },
  });
  /** One and the same for all builds, so that versions of tools are asked for once. */
  const env = { ...process.env, ...gpg.env };
  const buildOf = ({
    repositories: own = repositories,
    packages = [],
    platform,
    locked,
    ...rest
  }: BuildChanges): PackageBuild => {
    const wanted = packages.map((each) => (typeof each === 'string' ? { name: each, roles: ['node' as const] } : each));
    const request = {
      platform: { ...PLATFORM, repositories: own, ...platform },
      repositories: own,
      packages: wanted,
      ...(locked === undefined ? {} : { locked }),
    };
    return { cache: join(user.home, 'cache-of-root'), epoch: EPOCH, concurrency: 2, request, ...rest };
  };
  const commandOf = async (changes: BuildChanges) => {
    builds += 1;
    const file = join(user.home, `build-${builds}.json`);
    await writeFile(file, JSON.stringify({ ...buildOf({ cache: join(user.home, 'cache'), ...changes }) }));
    return [process.execPath, FIXTURE, file];
  };
  const repositories = ['distribution', 'vendor'].map((id) => repository(id, join(upstream, id)));
  return {
    user,
    keys,
    repositories,
    repository,
    async copyOf(id) {
      copies += 1;
      const directory = join(user.home, `copy-${copies}`, id);
      await cp(join(upstream, id), directory, { recursive: true });
      return directory;
    },
    async build({ asUser, ...changes }) {
      if (asUser === undefined) return runPackageBuild(buildOf(changes), env);
      const [command, options] = [await commandOf(changes), asUser === true ? {} : asUser];
      const { exitCode, stdout, stderr } = await user.run(command, options);
      if (exitCode !== 0) throw new Error(`the build ended with ${exitCode}: ${stderr}`);
      return JSON.parse(stdout) as PackageBuildResult;
    },
    async start(changes) {
      const [program = '', ...words] = await commandOf(changes);
      return { child: execa(program, words, { env: gpg.env, reject: false, stdin: 'ignore' }) };
    },
    async close() {
      await Promise.all([user.close(), gpg.close()]);
    },
  };
}

const PLATFORM = { name: 'el9/x86_64', releasever: '9', modulePlatform: 'platform:el9', base: ['tiny-base'] };

const DISTRIBUTION = [
  // A script that ran would make the installation fail.
  { name: 'tiny-base', relations: ['Provides: tool = 3', 'Provides: /bin/sh'], script: 'exit 1' },
  { name: 'libwidget', version: '1.0' },
  { name: 'libwidget', version: '2.0' },
  { name: 'widget-policy' },
];

const VENDOR = [
  {
    name: 'widget',
    version: '1.5',
    epoch: 1,
    relations: [
      'Requires: libwidget >= 1',
      'Requires: (widget-policy if tiny-base)',
      'Requires: tool >= 2',
      'Recommends: widget-doc',
    ],
    script: 'exit 1',
  },
  { name: 'widget-doc' },
  { name: 'broken', relations: ['Requires: nowhere-to-be-found'] },
  { name: 'needs-broken', relations: ['Requires: broken'] },
  { name: 'greedy', relations: ['Obsoletes: tiny-base'] },
];

const PLAIN = [{ name: 'gadget', relations: ['Requires: widget'] }];

/** Gives the user the secret half of a key, in the user's own GnuPG home. */
async function lendKey({ fingerprint, env }: UpstreamKey, user: OrdinaryUser): Promise<void> {
  const words = ['--batch', '--pinentry-mode', 'loopback', '--passphrase', '', '--armor', '--export-secret-keys'];
  const { stdout } = await execa('gpg', [...words, fingerprint], { env });
  const file = join(user.home, 'tmp', 'secret.asc');
  await mkdir(join(user.home, 'tmp'), { recursive: true });
  await writeFile(file, stdout);
  await chown(file, 65534, 65534);
  const imported = await user.run(['gpg', '--batch', '--quiet', '--import', file]);
  if (imported.exitCode !== 0) throw new Error(imported.stderr);
  await user.run(['rm', file]);
}
