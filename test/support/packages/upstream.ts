import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { type SmallPackage, smallRpm } from './small-rpm.ts';

/** Who signs: a key in a GnuPG home. */
export interface UpstreamKey {
  readonly fingerprint: string;
  /** Holds GNUPGHOME. */
  readonly env: Readonly<Record<string, string>>;
}

export interface UpstreamContent {
  readonly packages: readonly SmallPackage[];
  /** Signs the packages; nobody when left out. */
  readonly packageKey?: UpstreamKey;
  /** Signs the metadata; nobody when left out. */
  readonly metadataKey?: UpstreamKey;
}

/** Lays an RPM repository into a directory, as an upstream would serve it. Its files are copies: a test may damage them. */
export async function makeUpstream(
  directory: string,
  { packages, packageKey, metadataKey }: UpstreamContent,
  report: (line: string) => void,
): Promise<void> {
  await mkdir(join(directory, 'Packages'), { recursive: true });
  for (const each of packages) {
    const rpm = await smallRpm(each, report);
    const path = join(directory, 'Packages', basename(rpm));
    await copyFile(rpm, path);
    if (packageKey !== undefined) await signRpm(path, packageKey);
  }
  await describeUpstream(directory, metadataKey);
}

/** Makes the metadata of a directory of packages, and signs them. */
export async function describeUpstream(directory: string, key: UpstreamKey | undefined): Promise<void> {
  const createrepo = ['--quiet', '--no-database', '--general-compress-type=gz', directory];
  await execa('createrepo_c', createrepo, { stdin: 'ignore' });
  if (key !== undefined) await signMetadata(directory, key);
}

/** Signs `repomd.xml` as it is now. */
export async function signMetadata(directory: string, { fingerprint, env }: UpstreamKey): Promise<void> {
  const path = join(directory, 'repodata/repomd.xml');
  const options = ['--batch', '--yes', '--quiet', '--no-tty', '--armor', '--local-user', fingerprint];
  const { stdout } = await execa('gpg', [...options, '--output', '-', '--detach-sign', path], { env, stdin: 'ignore' });
  await writeFile(`${path}.asc`, `${stdout}\n`);
}

async function signRpm(path: string, { fingerprint, env }: UpstreamKey): Promise<void> {
  const macros = { __gpg: '/usr/bin/gpg', _gpg_name: fingerprint, _gpg_sign_cmd_extra_args: '--batch --no-tty' };
  const defines = Object.entries(macros).flatMap(([name, value]) => ['--define', `${name} ${value}`]);
  await execa('rpmsign', ['--addsign', ...defines, path], { env, stdin: 'ignore' });
}
