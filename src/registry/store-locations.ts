import type { Digest, Manifest } from './catalogue.ts';
import { MANIFEST_TYPES } from './media-types.ts';
import type { Archive } from './merge-archives.ts';
import { block, directive, type NginxText, quoted, quotedValue, word } from './nginx-text.ts';

const TYPES = Object.keys(MANIFEST_TYPES);

/** Where a request for a blob goes on, inside nginx. */
export function blobLocation(archive: number, digest: Digest): string {
  return `${blobPrefix(archive)}${hex(digest)}`;
}

/** Where a request for a manifest goes on: `default_type` takes no variable, so each media type has its own location. */
export function manifestLocation(archive: number, { digest, mediaType }: Manifest): string {
  return `${manifestPrefix(archive, mediaType)}${hex(digest)}`;
}

/** The locations that these lead to, which no request from outside reaches. */
export function storeLocations(archives: readonly Archive[]): NginxText[] {
  return archives.flatMap(({ blobs }, archive) => [
    storeLocation(blobPrefix(archive), blobs, [type('application/octet-stream')]),
    ...TYPES.map((mediaType) => storeLocation(manifestPrefix(archive, mediaType), blobs, [type(mediaType), ONE_WRITE])),
  ]);
}

/** Manifests are small: header and content in one write cost less than sendfile after the header. */
const ONE_WRITE = directive(word('sendfile'), word('off'));

function storeLocation(prefix: string, directory: string, rest: readonly NginxText[]): NginxText {
  return block(
    [word('location'), word('^~'), quotedValue(prefix)],
    [
      directive(word('internal')),
      directive(word('alias'), quotedValue(`${directory}/`)),
      directive(word('error_page'), word('403'), word('404'), word('500'), word('='), word('@registry_unreadable')),
      ...rest,
    ],
  );
}

function type(mediaType: string): NginxText {
  return directive(word('default_type'), quoted(mediaType));
}

function blobPrefix(archive: number): string {
  return `/.blobs/${archive}/`;
}

function manifestPrefix(archive: number, mediaType: string): string {
  return `/.manifests/${archive}/${TYPES.indexOf(mediaType)}/`;
}

function hex(digest: Digest): string {
  return digest.slice('sha256:'.length);
}
