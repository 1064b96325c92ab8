import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { directive, joined, type NginxText, quotedValue, word } from './nginx-text.ts';
import { refuseOddPath } from './odd-path.ts';

/** Where the registry listens and what it needs of the host. */
export interface RegistryServer {
  readonly listen: readonly ListenAddress[];
  /** Absolute paths of PEM files; plain HTTP without. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Absolute path of a directory that nginx may write to: its process id and temporary files. nginx's own defaults without. */
  readonly stateDirectory?: string;
}

/** An IP address, or a socket of the file system: its path is relative to where nginx was started. */
type ListenAddress = { readonly address: string; readonly port: number } | { readonly socket: string };

/** The holes of templates/nginx/nginx.conf that depend on the host. Throws a `CONFIG_INVALID` for a path or address that nginx cannot take. */
export function serverHoles({ listen, tls, stateDirectory }: RegistryServer): Readonly<Record<string, NginxText>> {
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

function listenDirective(listen: ListenAddress, tls: boolean): NginxText {
  const ssl = tls ? [word('ssl')] : [];
  if ('socket' in listen) {
    refuseOddPath(listen.socket);
    return directive(word('listen'), quotedValue(`unix:${listen.socket}`), ...ssl);
  }
  const { address, port } = listen;
  if (!/^[0-9a-fA-F.:]+$/.test(address) || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new MetalK8sError('CONFIG_INVALID', `The registry cannot listen on ${JSON.stringify(`${address}:${port}`)}`, {
      hint: 'Give an IP address and a port.',
    });
  }
  const socket = word(`${address.includes(':') ? `[${address}]` : address}:${port}`);
  return directive(word('listen'), socket, ...ssl);
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
