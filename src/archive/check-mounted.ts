import { foldersOf } from '../disc/disc-path.ts';
import type { Fault } from '../disc/fault.ts';
import { discPaths } from '../disc/paths.ts';
import type { ArchiveContents } from '../disc/summarise-archive.ts';
import type { Digest } from '../registry/catalogue.ts';
import { readManifest } from '../registry/manifest-document.ts';
import type { Archive, ReadContext } from './archive.ts';
import { checkContents } from './check-contents.ts';
import { listOfSums } from './list-of-sums.ts';
import { readContents } from './read-contents.ts';
import { ArchiveRefused } from './refusal.ts';

/**
 * Whether what can be read where an archive is mounted is what was verified before. Some file systems show large files cut off (fuseiso those
 * above 4 GiB), without an error. Packages and what images are made of are by far the most bytes, and the archive itself says how long
 * each of them is, so these are compared by their sizes; all else is read and compared by its sum. Throws a `VERIFICATION_FAILED` that names
 * every file which differs.
 */
export async function checkMounted(archive: Archive, sumsSha256: string, context: ReadContext): Promise<void> {
  const sums = await listOfSums(archive, sumsSha256);
  const entries = await archive.list(foldersOf(sums.map(({ path }) => path)));
  const found = new Map(entries.map(({ path, type, size }) => [path, type === 'file' ? size : undefined]));
  const missing = sums.filter(({ path }) => found.get(path) === undefined);
  const present = sums.filter(({ path }) => found.get(path) !== undefined);
  // What tells the sizes comes first: it is only trusted once it is known to be what was signed.
  const description = present.filter(({ path }) => path === discPaths.release);
  const faults: Fault[] = [
    ...missing.map(({ path }) => ({ path, what: 'missing' })),
    ...(await checkContents(archive, description, entries, { stop: context.stop })),
  ];
  if (faults.length > 0) throw different(archive.path, faults);

  const sizes = sizesOf(await readContents(archive, context.stop));
  for (const { path } of present) {
    const [expected, size] = [sizes.get(path), found.get(path)];
    if (expected === undefined || size === expected) continue;
    faults.push({ path, what: `it has ${size} bytes there, and ${expected} in the archive` });
  }
  const unsized = present.filter(({ path }) => !sizes.has(path));
  faults.push(...(await checkContents(archive, unsized, entries, context)));
  if (faults.length > 0) throw different(archive.path, faults);
}

/** Bytes of packages and blobs by their paths. Manifests were compared with their digests when they were read. */
function sizesOf({ description: { packages, catalogue }, documents }: ArchiveContents): ReadonlyMap<string, number> {
  const blob = (digest: Digest) => `${discPaths.blobs}/${digest.slice('sha256:'.length)}`;
  const manifests = catalogue.repositories.flatMap((repository) => repository.manifests);
  const parts = manifests.flatMap((manifest) => {
    const document = documents.get(manifest.digest);
    return document === undefined ? [] : readManifest({ ...manifest, annotations: {} }, document).blobs;
  });
  return new Map([
    ...packages.map(({ path, size }) => [path, size] as const),
    ...[...manifests, ...parts].map(({ digest, size }) => [blob(digest), size] as const),
  ]);
}

function different(where: string, faults: readonly Fault[]): ArchiveRefused {
  return new ArchiveRefused('What can be read there is not what was verified:', faults, {
    where,
    hint:
      'If files are cut off, the file system that shows the image cannot show it whole: extract it to a folder instead. ' +
      'Otherwise copy the archive again from where it is intact.',
  });
}
