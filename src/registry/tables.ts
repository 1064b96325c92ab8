import type { Digest } from './catalogue.ts';
import { lastRows, pageRows, sizeRows } from './list-patterns.ts';
import { createLongTexts } from './long-texts.ts';
import type { MergedArchives, ServedRepository } from './merge-archives.ts';
import { joined, type NginxText, quotedValue, row, word } from './nginx-text.ts';
import { NO_REFERRERS, querySpellings, referrersOf } from './referrers.ts';
import { blobLocation, manifestLocation } from './store-locations.ts';
import { createTable, type Table } from './table.ts';

/** The holes of templates/nginx/tables.conf that depend on what is served. */
type TableHoles = Readonly<
  Record<
    | 'bucketSize'
    | 'maxSize'
    | 'variablesSize'
    | 'texts'
    | 'stored'
    | 'cased'
    | 'lists'
    | 'repositories'
    | 'sizes'
    | 'lasts'
    | 'pages'
    | 'referrers'
    | 'filtered',
    NginxText
  >
>;

/** What every request is looked up in. */
export function tableHoles({ repositories }: MergedArchives): TableHoles {
  const texts = createLongTexts();
  const stored = createTable();
  const cased = createTable();
  const lists = createTable();
  const referrers = createTable();
  const filtered = createTable();
  for (const repository of repositories) {
    addContent(repository, stored, cased);
    lists.add(repository.path, texts.word(JSON.stringify([...repository.tags.keys()].sort())));
    for (const { subject, all, byType } of referrersOf(repository)) {
      const path = `/v2/${repository.path}/referrers/${subject}`;
      referrers.add(path, texts.word(all));
      for (const [type, answer] of byType) {
        for (const spelling of querySpellings(type)) filtered.add(`${path}|${spelling}`, texts.word(answer));
      }
    }
  }
  const paths = repositories.map(({ path }) => path);
  const all = texts.word(JSON.stringify(paths));
  const deepest = Math.max(0, ...paths.map((path) => path.split('/').length - 1));
  const tables = [stored, cased, lists, referrers, filtered];
  return {
    ...hashSizes(tables),
    variablesSize: number(1024 + 2 * texts.definitions().length),
    texts: joined(texts.definitions()),
    stored: joined(stored.rows()),
    cased: joined(cased.rows()),
    lists: joined(lists.rows()),
    repositories: all,
    sizes: joined(sizeRows()),
    lasts: joined(lastRows(deepest)),
    pages: joined(pageRows()),
    referrers: joined([row(word('default'), texts.word(NO_REFERRERS)), ...referrers.rows()]),
    filtered: joined([row(word('default'), texts.word(NO_REFERRERS)), ...filtered.rows()]),
  };
}

/**
 * Where the content of a path is. nginx compares keys without regard to case. Names, digests and most tags are in lower case, and their
 * location takes no capital letter. Tags with one have a table of their own, whose values repeat the tag, to be compared exactly;
 * tags of one repository that differ in nothing but case cannot share a key, and become patterns.
 */
function addContent(repository: ServedRepository, stored: Table, cased: Table): void {
  const { path, tags, manifests, blobs } = repository;
  for (const [digest, manifest] of manifests) stored.add(`/v2/${path}/manifests/${digest}`, locationOf(manifest));
  for (const [digest, blob] of blobs)
    stored.add(`/v2/${path}/blobs/${digest}`, quotedValue(blobLocation(blob.archive, digest)));
  const byKey = Map.groupBy(
    [...tags].filter(([tag]) => /[A-Z]/.test(tag)),
    ([tag]) => tag.toLowerCase(),
  );
  for (const [tag, digest] of tags) {
    const key = `/v2/${path}/manifests/${tag}`;
    const alike = byKey.get(tag.toLowerCase()) ?? [];
    if (!/[A-Z]/.test(tag)) stored.add(key, locationOf(manifestAt(manifests, digest)));
    else if (alike.length === 1) cased.add(key, casedValue(tag, manifestAt(manifests, digest)));
    else cased.addPattern(`^${key.replaceAll('.', '\\.')}\\z`, casedValue(tag, manifestAt(manifests, digest)));
  }
}

type StoredManifest = ServedRepository['manifests'] extends ReadonlyMap<string, infer Item> ? Item : never;

function manifestAt(manifests: ServedRepository['manifests'], digest: Digest): StoredManifest {
  const manifest = manifests.get(digest);
  if (manifest === undefined) throw new Error(`a tag names ${digest}, which the checked catalogue has not`);
  return manifest;
}

function locationOf({ item, archive }: StoredManifest): NginxText {
  return quotedValue(manifestLocation(archive, item));
}

function casedValue(tag: string, { item, archive }: StoredManifest): NginxText {
  return quotedValue(`${tag} ${manifestLocation(archive, item)}`);
}

/**
 * nginx looks for the smallest table in which no bucket overflows, and from `max_size` downwards by a thousand when that is above ten
 * thousand: twice as many buckets as keys fit at once, so that loading takes no longer search. A bucket holds a dozen of the longest keys.
 */
function hashSizes(tables: readonly Table[]): Pick<TableHoles, 'bucketSize' | 'maxSize'> {
  const longest = Math.max(...tables.map(({ longestKey }) => longestKey()));
  const most = Math.max(...tables.map(({ size }) => size()));
  const bucket = 2 ** Math.ceil(Math.log2(12 * (longest + 24)));
  return { bucketSize: number(Math.min(Math.max(bucket, 1024), 32_768)), maxSize: number(Math.max(12_000, 2 * most)) };
}

function number(value: number): NginxText {
  return word(String(value));
}
