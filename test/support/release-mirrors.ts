import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { loadRelease } from '../../src/release/load.ts';
import type { PackageRepository, Release } from '../../src/release/release.ts';
import type { TestRelease } from './release/release.ts';

/** The release list that ships. */
export const SHIPPED_LIST = join(import.meta.dirname, '../../iso/release.yaml');

/** Writes the file for `--mirrors` with which the list that ships is built from a test release. Throws when that lacks something. */
export async function writeMirrors(release: TestRelease, file: string): Promise<void> {
  const { whole } = await loadRelease(SHIPPED_LIST);
  await writeFile(file, stringify(mirrorsTo(release, whole), { lineWidth: 0, aliasDuplicateObjects: false }));
}

/** A document of mirrors that maps everything a list names to a test release. */
function mirrorsTo(release: TestRelease, list: Release): Record<string, unknown> {
  const images = list.components.flatMap((component) => component.images);
  const lacking = images.filter((wanted) => !release.images.some(({ reference }) => reference === wanted));
  if (lacking.length > 0) throw new Error(`the test release has no ${lacking.join(', ')}`);
  const hosts = [...new Set(images.map((reference) => reference.split('/')[0]))];
  const repositories = list.packagePlatforms.flatMap((platform) => platform.repositories);
  return {
    apiVersion: 'metalk8s.scality.com/v1alpha1',
    kind: 'Mirrors',
    registries: hosts.map((upstream) => ({ upstream, layout: release.layout })),
    repositories: byUpstream(
      repositories.map((repository) => ({
        upstream: repository.url,
        directory: directoryOf(release, repository),
        keys: [{ file: release.key.armoured, fingerprint: release.key.fingerprint }],
      })),
    ),
    files: byUpstream(
      list.components.flatMap(({ files }) => files.map(({ url }) => ({ upstream: url, path: pathOf(release, url) }))),
    ),
  };
}

/** The programs in a test release are the same for every platform, so its packages serve all of them. */
function directoryOf(release: TestRelease, { id, url }: PackageRepository): string {
  const isOfDistribution = url.startsWith('https://dl.rockylinux.org/pub/rocky/');
  const found = release.repositories.find((one) =>
    isOfDistribution ? one.id === 'distribution' : new URL(one.upstream).host === new URL(url).host,
  );
  if (!found) throw new Error(`the test release has nothing for the repository ${id}, ${url}`);
  return found.directory;
}

function pathOf(release: TestRelease, url: string): string {
  const found = release.files.find(({ upstream }) => upstream === url);
  if (!found) throw new Error(`the test release has no ${url}`);
  return found.path;
}

function byUpstream<Mirror extends { readonly upstream: string }>(mirrors: readonly Mirror[]): Mirror[] {
  return [...new Map(mirrors.map((mirror) => [mirror.upstream, mirror])).values()];
}
