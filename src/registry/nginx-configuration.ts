import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { fill, type Template } from '../templates/fill.ts';
import { ALPHABET, REST_PATTERN } from './list-patterns.ts';
import { type Archive, type DifferingTag, type MergedArchives, mergeArchives } from './merge-archives.ts';
import { block, directive, expression, joined, type NginxText, quoted, quotedValue, word } from './nginx-text.ts';
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

/** Where the registry listens and what it needs of the host. */
export interface RegistryServer {
  readonly listen: readonly { readonly address: string; readonly port: number }[];
  /** Absolute paths of PEM files; plain HTTP without. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Absolute path of a directory that nginx may write to: its process id and temporary files. nginx's own defaults without. */
  readonly stateDirectory?: string;
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
 * with the other two files included, `tables.conf` in the `http` block and `locations.conf` in the `server` block.
 */
export function archiveConfiguration(archive: Archive, templates: RegistryTemplates): readonly RegistryFile[] {
  const merged = mergeArchives([archive]);
  const nginx = fill(templates.nginx, {
    ...serverHoles({ listen: [{ address: '127.0.0.1', port: 5000 }] }),
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

function serverHoles({ listen, tls, stateDirectory }: RegistryServer): Readonly<Record<string, NginxText>> {
  for (const path of [tls?.certificate, tls?.key, stateDirectory]) if (path !== undefined) refuseOddPath(path);
  const state = stateDirectory === undefined ? undefined : (name: string) => quotedValue(`${stateDirectory}/${name}`);
  return {
    process: state === undefined ? joined([]) : directive(word('pid'), state('nginx.pid')),
    temporary:
      state === undefined
        ? joined([])
        : joined(TEMPORARY.map((name) => directive(word(`${name}_temp_path`), state(`${name}-temp`)))),
    listen: joined(listen.map((address) => listenDirective(address, tls !== undefined))),
    tls: tls === undefined ? joined([]) : tlsDirectives(tls),
  };
}

/** nginx makes all of these directories at its start, needed or not. */
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

function listenDirective({ address, port }: RegistryServer['listen'][number], tls: boolean): NginxText {
  if (!/^[0-9a-fA-F.:]+$/.test(address) || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new MetalK8sError('CONFIG_INVALID', `The registry cannot listen on ${JSON.stringify(`${address}:${port}`)}`, {
      hint: 'Give an IP address and a port.',
    });
  }
  const socket = word(`${address.includes(':') ? `[${address}]` : address}:${port}`);
  return directive(word('listen'), socket, ...(tls ? [word('ssl')] : []));
}

function tlsDirectives({ certificate, key }: NonNullable<RegistryServer['tls']>): NginxText {
  return joined([
    directive(word('ssl_certificate'), quotedValue(certificate)),
    directive(word('ssl_certificate_key'), quotedValue(key)),
    directive(word('ssl_protocols'), word('TLSv1.2'), word('TLSv1.3')),
    directive(word('ssl_session_cache'), word('shared:registry:1m')),
    directive(word('ssl_session_tickets'), word('off')),
  ]);
}

function refuseOddPath(path: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (!/[\u0000-\u001f\u007f$]/.test(path) && path.isWellFormed() && path.length > 0 && path.length < 2000) return;
  throw new MetalK8sError('CONFIG_INVALID', `nginx cannot serve from the path ${JSON.stringify(path.slice(0, 100))}`, {
    hint: 'Use a path without dollar signs and control characters.',
  });
}
