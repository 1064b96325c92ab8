import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { type Catalogue, type Digest, type Manifest, repositoryPath } from './catalogue.ts';
import { checkCatalogue } from './check-catalogue.ts';

/** An archive as the registry serves it. */
export interface Archive {
  /** What it is called in URLs and reports: the product version, `136.0.0`. */
  readonly name: string;
  readonly catalogue: Catalogue;
  /** Directory of the files named by the hexadecimal digits of their sha256: absolute, or relative to the prefix of nginx. */
  readonly blobs: string;
  /** Directory served below `/packages/<name>/`, likewise. */
  readonly packages: string;
}

/** Something stored, and the position of the first archive in the list that has it. */
interface Stored<Item> {
  readonly item: Item;
  readonly archive: number;
}

/** One repository out of all archives. */
export interface ServedRepository {
  /** Below `/v2/`. */
  readonly path: string;
  readonly tags: ReadonlyMap<string, Digest>;
  readonly manifests: ReadonlyMap<Digest, Stored<Manifest>>;
  readonly blobs: ReadonlyMap<Digest, Stored<Digest>>;
}

/** A tag that is not the same image in every archive that has it. */
export interface DifferingTag {
  readonly repository: string;
  readonly tag: string;
  /** By archive, the one that is served first. */
  readonly digests: readonly { readonly archive: string; readonly digest: Digest }[];
}

export interface MergedArchives {
  readonly repositories: readonly ServedRepository[];
  readonly differingTags: readonly DifferingTag[];
}

interface Draft extends ServedRepository {
  readonly tags: Map<string, Digest>;
  readonly manifests: Map<Digest, Stored<Manifest>>;
  readonly blobs: Map<Digest, Stored<Digest>>;
  readonly tagged: Map<string, { archive: string; digest: Digest }[]>;
}

/**
 * One registry out of several archives, given newest first: a digest from any archive, a tag from the newest one that has it.
 * Throws a `RELEASE_INVALID` for a catalogue that may not be served and for two archives of one name.
 */
export function mergeArchives(archives: readonly Archive[]): MergedArchives {
  const drafts = new Map<string, Draft>();
  const names = new Set<string>();
  for (const [position, { name, catalogue }] of archives.entries()) {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) throw unfit(name, 'is no name for an archive');
    if (names.has(name)) throw unfit(name, 'is the name of two archives');
    names.add(name);
    for (const repository of checkCatalogue(catalogue, `archive ${name}`).repositories) {
      const draft = draftOf(drafts, repositoryPath(repository));
      for (const { tag, digest } of repository.tags) {
        if (!draft.tags.has(tag)) draft.tags.set(tag, digest);
        draft.tagged.set(tag, [...(draft.tagged.get(tag) ?? []), { archive: name, digest }]);
      }
      for (const manifest of repository.manifests) addManifest(draft, { item: manifest, archive: position }, name);
      for (const blob of repository.blobs) keepFirst(draft.blobs, blob, { item: blob, archive: position });
    }
  }
  const sorted = [...drafts.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
  return { repositories: sorted, differingTags: sorted.flatMap(differingTags) };
}

function draftOf(drafts: Map<string, Draft>, path: string): Draft {
  const draft = drafts.get(path) ?? {
    path,
    tags: new Map(),
    manifests: new Map(),
    blobs: new Map(),
    tagged: new Map(),
  };
  drafts.set(path, draft);
  return draft;
}

/** One digest is one text, so two archives that disagree about its type cannot both tell the truth. */
function addManifest({ path, manifests }: Draft, stored: Stored<Manifest>, archive: string): void {
  const { digest, mediaType } = stored.item;
  const known = manifests.get(digest)?.item.mediaType ?? mediaType;
  if (known !== mediaType) throw unfit(archive, `has ${path}@${digest} as ${mediaType}, another archive as ${known}`);
  keepFirst(manifests, digest, stored);
}

function keepFirst<Item>(map: Map<string, Item>, key: string, item: Item): void {
  if (!map.has(key)) map.set(key, item);
}

function differingTags({ path, tagged }: Draft): DifferingTag[] {
  return [...tagged]
    .filter(([, digests]) => digests.some(({ digest }) => digest !== digests[0]?.digest))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([tag, digests]) => ({ repository: path, tag, digests }));
}

function unfit(name: string, what: string): MetalK8sError {
  return new MetalK8sError('RELEASE_INVALID', `Archives cannot be served together: ${JSON.stringify(name)} ${what}`);
}
