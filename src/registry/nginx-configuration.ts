import { fill, type Template } from '../templates/fill.ts';
import { ALPHABET, REST_PATTERN } from './list-patterns.ts';
import { type Archive, type DifferingTag, type MergedArchives, mergeArchives } from './merge-archives.ts';
import { block, directive, expression, joined, type NginxText, quoted, quotedValue, word } from './nginx-text.ts';
import { refuseOddPath } from './odd-path.ts';
import { type RegistryServer, serverHoles } from './server-holes.ts';
import { storeLocations } from './store-locations.ts';
import { tableHoles } from './tables.ts';

/** The texts of templates/nginx. */
export interface RegistryTemplates {
  /** The whole configuration. */
  readonly nginx: Template;
  /** What stands in its `http` block. */
  readonly tables: Template;
  /** What stands in its `server` block. */
  readonly locations: Template;
}

/** A registry for the archives of a site. */
export interface RegistryConfiguration {
  /** The whole configuration, to be written as it is. */
  readonly nginx: string;
  /** Tags that are not the same image in all archives; the first of each list is served. */
  readonly differingTags: readonly DifferingTag[];
}

/** A file by its path below a directory. */
export interface RegistryFile {
  readonly path: string;
  readonly content: string;
}

/**
 * The configuration of the registry and package server for archives, newest first, as one file.
 * Throws a `RELEASE_INVALID` for a catalogue that may not be served, a `CONFIG_INVALID` for a path or address that nginx cannot take.
 */
export function registryConfiguration(
  archives: readonly Archive[],
  server: RegistryServer,
  templates: RegistryTemplates,
): RegistryConfiguration {
  const merged = mergeArchives(archives);
  const nginx = fill(templates.nginx, {
    ...serverHoles(server),
    tables: filledTables(merged, templates),
    locations: filledLocations(archives, templates),
  });
  return { nginx, differingTags: merged.differingTags };
}

/**
 * The configuration that an archive carries for itself: nginx serves it by `nginx -p <mount point> -c registry/nginx.conf`, since
 * its paths are relative to the prefix. It listens on 127.0.0.1:5000 without TLS; who wants it otherwise writes a configuration
 * with the other two files included, `tables.conf` in the `http` block and `locations.conf` in the `server` block. For another
 * `server`, `nginx.conf` alone differs.
 */
export function archiveConfiguration(
  archive: Archive,
  templates: RegistryTemplates,
  server: RegistryServer = { listen: [{ address: '127.0.0.1', port: 5000 }] },
): readonly RegistryFile[] {
  const merged = mergeArchives([archive]);
  const nginx = fill(templates.nginx, {
    ...serverHoles(server),
    tables: directive(word('include'), word('tables.conf')),
    locations: directive(word('include'), word('locations.conf')),
  });
  return [
    { path: 'nginx.conf', content: nginx },
    { path: 'tables.conf', content: filledTables(merged, templates) },
    { path: 'locations.conf', content: filledLocations([archive], templates) },
  ];
}

function filledTables(merged: MergedArchives, { tables }: RegistryTemplates): NginxText {
  return fill(tables, {
    ...tableHoles(merged),
    restSubject: expression(`$registry_last;$registry_listed;${ALPHABET}`),
    restPattern: quoted(`~${REST_PATTERN}`),
  }).trimEnd() as NginxText;
}

function filledLocations(archives: readonly Archive[], { locations }: RegistryTemplates): NginxText {
  for (const { blobs, packages } of archives) for (const path of [blobs, packages]) refuseOddPath(path);
  return fill(locations, {
    stores: joined(storeLocations(archives)),
    packages: joined(archives.map(packagesLocation)),
  }).trimEnd() as NginxText;
}

function packagesLocation({ name, packages }: Archive): NginxText {
  return block(
    [word('location'), word('^~'), quotedValue(`/packages/${name}/`)],
    [
      directive(word('alias'), quotedValue(`${packages}/`)),
      block(
        [word('types')],
        PACKAGE_TYPES.map(([type, ...endings]) => directive(quoted(type), ...endings.map(word))),
      ),
      directive(word('default_type'), word('application/octet-stream')),
      directive(word('open_file_cache'), word('off')),
    ],
  );
}

/** What repositories of packages are made of. Compressed metadata is sent as it is, not as an encoding of something else. */
const PACKAGE_TYPES: readonly (readonly [string, ...string[]])[] = [
  ['application/x-rpm', 'rpm'],
  ['application/vnd.debian.binary-package', 'deb'],
  ['application/xml', 'xml'],
  ['application/gzip', 'gz'],
  ['application/zstd', 'zst'],
  ['application/x-xz', 'xz'],
  ['application/x-bzip2', 'bz2'],
  ['application/pgp-keys', 'asc'],
  ['text/plain', 'repo'],
];
