import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Report } from '../../cache.ts';
import { linkFile } from '../link-file.ts';
import { RELEASE_TIME } from '../release-time.ts';
import { signingKey, withSigner } from '../signing-key.ts';
import { type RpmPackage, rpmFileName } from './package.ts';

/** An RPM repository of the release: what it is called, where upstream serves it, and what is in it. */
export interface RepositoryContent {
  readonly id: string;
  /** Base address of the repository that it stands for. */
  readonly upstream: string;
  /** Folder of a package below the base, as upstream lays it out; empty for the base itself. */
  folderOf(rpm: RpmPackage): string;
  readonly packages: readonly RpmPackage[];
}

/** A package and its signed file. */
export interface BuiltRpm {
  readonly rpm: RpmPackage;
  readonly path: string;
}

/** Fills an empty directory with a repository: packages, metadata, the metadata's signature and the public key. */
export async function writeRepository(
  directory: string,
  content: Pick<RepositoryContent, 'folderOf'> & { readonly built: readonly BuiltRpm[] },
  report: Report,
): Promise<void> {
  for (const { rpm, path } of content.built) {
    await linkFile(path, join(directory, content.folderOf(rpm), rpmFileName(rpm)));
  }
  await describePackages(directory, report);
}

/** Makes the metadata of the packages below a directory, and signs it. */
export async function describePackages(directory: string, report: Report): Promise<void> {
  const fixed = ['--revision', String(RELEASE_TIME), '--set-timestamp-to-revision', '--workers', '1'];
  const env = { SOURCE_DATE_EPOCH: String(RELEASE_TIME), LC_ALL: 'C.UTF-8' };
  await execa('createrepo_c', ['--quiet', '--no-database', ...fixed, directory], { env, stdin: 'ignore' });
  const metadata = join(directory, 'repodata/repomd.xml');
  await withSigner(report, async ({ fingerprint, env: gnupg, gpgArguments }) => {
    const options = ['--local-user', fingerprint, '--armor', '--output', `${metadata}.asc`];
    await execa('gpg', [...gpgArguments, ...options, '--detach-sign', metadata], { env: gnupg, stdin: 'ignore' });
  });
  const { armoured } = await signingKey(report);
  await copyFile(armoured, `${metadata}.key`);
}
