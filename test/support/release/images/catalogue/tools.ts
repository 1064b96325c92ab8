import type { FileSource } from '../../file-source.ts';
import { type ContainerConfig, type ImageSource, NATIVE_ARCHITECTURE, PATH_VARIABLE } from '../image.ts';
import { accountFiles } from '../network-userland.ts';

/** Versions that Debian 12 has. */
export const NGINX_VERSION = '1.22.1';
export const BUSYBOX_VERSION = '1.35.0';

/** A web server, as Docker Hub's image of that name is used, with Debian's nginx. */
export function nginxImage(debian: string): ImageSource {
  const config: ContainerConfig = {
    Entrypoint: ['/docker-entrypoint.sh'],
    Cmd: ['nginx', '-g', 'daemon off;'],
    Env: [PATH_VARIABLE, `NGINX_VERSION=${NGINX_VERSION}`],
    ExposedPorts: { '80/tcp': {} },
    StopSignal: 'SIGQUIT',
  };
  const applets = ['cat', 'ls', 'sh', 'sleep'].map(
    (name): FileSource => ({ kind: 'link', path: `/usr/bin/${name}`, target: 'busybox' }),
  );
  const files: readonly FileSource[] = [
    // The second is the group that Debian's nginx gives its workers unless told.
    ...accountFiles(['nginx:101', 'nogroup:65534']),
    ...applets,
    { kind: 'text', path: '/docker-entrypoint.sh', content: ENTRY_POINT, mode: 0o755 },
    { kind: 'folder', path: '/docker-entrypoint.d' },
    { kind: 'text', path: '/etc/nginx/nginx.conf', content: NGINX_CONFIG },
    { kind: 'text', path: '/etc/nginx/conf.d/default.conf', content: DEFAULT_SERVER },
    { kind: 'text', path: '/etc/nginx/modules-enabled/50-mod-stream.conf', content: STREAM_MODULE },
    { kind: 'file', path: '/etc/nginx/mime.types', source: `${debian}/etc/nginx/mime.types`, mode: 0o644 },
    {
      kind: 'text',
      path: '/usr/share/nginx/html/index.html',
      content: '<!doctype html><title>nginx</title>It works.\n',
    },
    { kind: 'link', path: '/var/log/nginx/access.log', target: '/dev/stdout' },
    { kind: 'link', path: '/var/log/nginx/error.log', target: '/dev/stderr' },
    { kind: 'link', path: '/var/run', target: '../run' },
    { kind: 'folder', path: '/run' },
    { kind: 'folder', path: '/var/lib/nginx', uid: 101, gid: 101 },
    { kind: 'folder', path: '/var/cache/nginx', uid: 101, gid: 101 },
    { kind: 'folder', path: '/tmp', mode: 0o1777 },
  ];
  const programs = { tree: debian, paths: ['bin/busybox', 'usr/sbin/nginx', STREAM] };
  return {
    references: [`docker.io/library/nginx:${NGINX_VERSION}`],
    format: 'oci',
    indexed: false,
    variants: [{ architecture: NATIVE_ARCHITECTURE, config, layers: [{ files, programs }] }],
  };
}

/** What BusyBox's build for an image of its own may be called by. */
export interface BusyboxContent {
  /** Unpacked Debian packages. */
  readonly debian: string;
  /** Names of all tools that this BusyBox has. */
  readonly applets: readonly string[];
}

/**
 * A shell with wget, nslookup, httpd, nc and ping for pods of tests: once by tag, in Docker's media types under a manifest
 * list, and once as another image that only has a reference by digest.
 */
export function busyboxImages({ debian, applets }: BusyboxContent): readonly ImageSource[] {
  const files: readonly FileSource[] = [
    ...accountFiles([]),
    ...applets
      .filter((name) => name !== 'busybox')
      .map((name): FileSource => ({ kind: 'link', path: `/usr/bin/${name}`, target: 'busybox' })),
    { kind: 'folder', path: '/tmp', mode: 0o1777 },
    { kind: 'folder', path: '/www' },
  ];
  // Linked dynamically: the static build of Debian's BusyBox crashes when it looks up a host, for want of glibc's plug-ins.
  const programs = { tree: debian, paths: ['bin/busybox'] };
  const variant = { architecture: NATIVE_ARCHITECTURE, layers: [{ files, programs }] } as const;
  const config: ContainerConfig = { Cmd: ['sh'], Env: [PATH_VARIABLE] };
  const unnamed: ContainerConfig = { ...config, Labels: { purpose: 'an image that has no tag' } };
  return [
    {
      references: [`docker.io/library/busybox:${BUSYBOX_VERSION}`],
      format: 'docker',
      indexed: true,
      variants: [{ ...variant, config }],
    },
    {
      references: ['docker.io/library/busybox@'],
      format: 'oci',
      indexed: false,
      variants: [{ ...variant, config: unnamed }],
    },
  ];
}

/** Scripts in /docker-entrypoint.d run before nginx, as users of the image expect. */
const ENTRY_POINT = `#!/bin/sh
set -eu
if [ "\${1:-}" = nginx ]; then
  for script in /docker-entrypoint.d/*.sh; do
    if [ -x "$script" ]; then "$script"; fi
  done
fi
exec "$@"
`;

/** What Docker Hub's nginx has built in, Debian's has in a file of its own. */
const STREAM = 'usr/lib/nginx/modules/ngx_stream_module.so';
const STREAM_MODULE = `load_module /${STREAM};\n`;

const NGINX_CONFIG = `user nginx;
worker_processes auto;
error_log /var/log/nginx/error.log notice;
pid /var/run/nginx.pid;

events {
    worker_connections 1024;
}

http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log /var/log/nginx/access.log;
    sendfile on;
    keepalive_timeout 65;
    include /etc/nginx/conf.d/*.conf;
}
`;

const DEFAULT_SERVER = `server {
    listen 80;
    server_name localhost;

    location / {
        root /usr/share/nginx/html;
        index index.html;
    }
}
`;
