import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { StepReport } from '../../events/step-report.ts';
import type { DnfRepository } from '../../packages/dnf-configuration.ts';
import type { PackagePlatform, PackageRepository } from '../../release/release.ts';
import type { RepositorySource } from '../../release/sources.ts';
import type { BuildContext } from '../build-context.ts';
import { contentOf } from '../files/file-cache.ts';
import { fetchAll, sourceAt } from './fetch-all.ts';
import { type TrustedKey, trustedKeys } from './trusted-keys.ts';

/** A repository of the release list, with where it comes from. */
export type SourcedRepository = PackageRepository & { readonly source: RepositorySource };

/** An upstream repository, ready to be read. */
export interface UpstreamRepository {
  readonly id: string;
  /** Ends with a slash; has nothing in it that dnf's configuration would not take as it is. */
  readonly url: string;
  readonly keys: readonly TrustedKey[];
  readonly signedByUs: boolean;
  readonly metadataSigned: boolean;
}

/** Fetches and checks the keys of the repositories of a platform. See `trustedKeys` for what it throws. */
export async function openRepositories(
  platform: PackagePlatform,
  repositories: readonly SourcedRepository[],
  { context, report }: { context: BuildContext; report: StepReport },
): Promise<UpstreamRepository[]> {
  const { modulePlatform } = platform;
  return Promise.all(
    repositories.map(async ({ id, source }) => {
      if (source.keys.length === 0 && !source.signedByUs) throw unverifiable(id, platform.name);
      const metadataSigned = source.keys.length > 0 && source.metadataSigned;
      if (!metadataSigned && isOpen(source.url)) throw changeable(id, platform.name, source.url);
      const keys = await trustedKeys(source.keys, { context, report, modulePlatform });
      return { id, url: plainUrl(source.url), keys, signedByUs: source.signedByUs, metadataSigned };
    }),
  );
}

/** What the repositories hold at the moment: the SHA-256 of each one's `repomd.xml`, which names everything else by checksum. */
export async function upstreamState(
  repositories: readonly Pick<UpstreamRepository, 'url'>[],
  context: BuildContext,
  report: StepReport,
): Promise<string[]> {
  const wanted = repositories.map(({ url }) => {
    const address = new URL('repodata/repomd.xml', url).href;
    return { url: address, source: sourceAt(address), pin: undefined };
  });
  return (await fetchAll(wanted, context, report)).map(({ sha256 }) => sha256);
}

/** The same, of what dnf has read into its folder of metadata. */
export async function readState(repositories: readonly Pick<UpstreamRepository, 'id'>[], metadata: string) {
  const folders = await readdir(metadata);
  return Promise.all(
    repositories.map(async ({ id }) => {
      const folder = folders.find(
        (name) => name.startsWith(`${id}-`) && /^[0-9a-f]{16}$/.test(name.slice(id.length + 1)),
      );
      if (folder === undefined) return undefined;
      return (await contentOf(join(metadata, folder, 'repodata/repomd.xml'))).sha256;
    }),
  );
}

/** How dnf reads them, with its keys laid into a folder. Metadata that nobody signs are trusted for their address alone. */
export async function dnfRepositories(
  repositories: readonly UpstreamRepository[],
  folder: string,
): Promise<DnfRepository[]> {
  return Promise.all(
    repositories.map(async ({ id, url, keys, signedByUs, metadataSigned }) => ({
      id,
      baseUrl: url,
      keyUrls: await layKeys(keys, folder),
      verifies: { packages: !signedByUs, metadata: metadataSigned },
      ignoresModules: false,
    })),
  );
}

/** Writes armoured keys into a folder; the addresses of the files. */
export async function layKeys(keys: readonly TrustedKey[], folder: string): Promise<string[]> {
  return Promise.all(
    keys.map(async ({ fingerprint, armoured }) => {
      const file = join(folder, `${fingerprint}.asc`);
      await writeFile(file, armoured);
      return dnfUrl(pathToFileURL(file));
    }),
  );
}

/** An address as it may stand in dnf's lists: `$` would begin a variable, and a comma part two values. */
export function dnfUrl(url: URL): string {
  return url.href.replaceAll('$', '%24').replaceAll(',', '%2C').replaceAll("'", '%27');
}

function plainUrl(url: string): string {
  return dnfUrl(new URL(url));
}

/** Plain HTTP across a network: whoever is on the way may change what comes. */
function isOpen(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && hostname !== 'localhost' && !hostname.startsWith('127.');
}

function changeable(id: string, platform: string, url: string): MetalK8sError {
  return new MetalK8sError(
    'RELEASE_INVALID',
    `Nobody signs the metadata of the repository ${id}, and ${url} is plain HTTP`,
    { where: platform, hint: 'Take a mirror with https, or one that has repomd.xml.asc.' },
  );
}

function unverifiable(id: string, platform: string): MetalK8sError {
  return new MetalK8sError(
    'RELEASE_INVALID',
    `The repository ${id} has no key, so that nothing of it can be verified`,
    {
      where: platform,
      hint: 'Name the key that its packages are signed with, or write signedByUs: true when upstream signs nothing.',
    },
  );
}
