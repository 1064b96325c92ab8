import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { Digest, Manifest } from './catalogue.ts';
import { jsonText } from './json-text.ts';
import { INDEX_TYPE } from './media-types.ts';
import type { ServedRepository } from './merge-archives.ts';

/** What says something about one manifest of a repository. */
export interface Referrers {
  readonly subject: Digest;
  /** The whole answer, JSON. */
  readonly all: string;
  /** The answer for each kind of artifact asked for alone, by the type in lower case. */
  readonly byType: ReadonlyMap<string, string>;
}

/** Clients take no larger answer than they take a manifest. */
const LARGEST_ANSWER = 4 * 1024 * 1024;

/** The answer for a subject without referrers. */
export const NO_REFERRERS = referrersIndex([]);

/** The answers of the referrers API for one repository. Throws a `RELEASE_INVALID` when one is larger than clients take. */
export function referrersOf({ path, manifests }: ServedRepository): Referrers[] {
  const bySubject = new Map<Digest, Manifest[]>();
  for (const { item } of manifests.values()) {
    if (item.subject !== undefined) bySubject.set(item.subject, [...(bySubject.get(item.subject) ?? []), item]);
  }
  return [...bySubject].sort(byFirst).map(([subject, referrers]) => {
    const sorted = referrers.toSorted((left, right) => (left.digest < right.digest ? -1 : 1));
    const all = referrersIndex(sorted);
    if (all.length > LARGEST_ANSWER) {
      throw new MetalK8sError(
        'RELEASE_INVALID',
        `The artifacts about ${subject} cannot be listed in ${LARGEST_ANSWER} bytes`,
        {
          where: path,
          hint: 'Take some of them out of the release.',
        },
      );
    }
    return { subject, all, byType: answersByType(sorted) };
  });
}

/**
 * The ways in which clients write a media type in a query: nginx compares `artifactType=` as it was sent, in lower case. A slash may
 * stand as it is or encoded; of the rest, all that can be encoded is, or nothing, with an exclamation mark as the client likes.
 */
export function querySpellings(mediaType: string): string[] {
  const [type = '', subtype = ''] = mediaType.toLowerCase().split('/');
  const ways = [plain, encodeURIComponent, (text: string) => encodeURIComponent(text).replaceAll('!', '%21')];
  const spellings = ['/', '%2f'].flatMap((slash) =>
    ways.map((way) => (way(type) + slash + way(subtype)).toLowerCase()),
  );
  return [...new Set(spellings)];
}

function plain(text: string): string {
  return text;
}

/** Media types are equal whatever their case, RFC 6838. */
function answersByType(referrers: readonly Manifest[]): Map<string, string> {
  const types = new Set(referrers.flatMap(({ artifactType }) => (artifactType ? [artifactType.toLowerCase()] : [])));
  return new Map(
    [...types].sort().map((type) => {
      const matching = referrers.filter(({ artifactType }) => artifactType?.toLowerCase() === type);
      return [type, referrersIndex(matching)];
    }),
  );
}

function referrersIndex(referrers: readonly Manifest[]): string {
  const manifests = referrers.map(({ mediaType, digest, size, artifactType, annotations }) => ({
    mediaType,
    digest,
    size,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(annotations === undefined || Object.keys(annotations).length === 0 ? {} : { annotations }),
  }));
  return jsonText({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests });
}

function byFirst([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}
