import { resolve } from 'node:path';
import type { Mirrors } from './mirrors.ts';
import type { MirrorsFile } from './release.types.ts';

/** Valid mirrors with absolute paths; `directory`, absolute, is that of the file they stand in. */
export function toMirrors({ registries, repositories, files }: MirrorsFile, directory: string): Mirrors {
  const absolute = (path: string) => resolve(directory, path);
  return {
    registries: registries.map(({ upstream, registry, insecure, ca, layout }) =>
      layout === undefined
        ? {
            upstream,
            registry: given(registry),
            ...(insecure && { insecure: true }),
            ...(ca !== undefined && { ca: absolute(ca) }),
          }
        : { upstream, layout: absolute(layout) },
    ),
    repositories: repositories.map(({ upstream, url, directory: folder, keys, signedByUs }) => ({
      upstream,
      ...(keys && {
        keys: keys.map(({ fingerprint, url: address, file }) => ({
          fingerprint: fingerprint.toUpperCase(),
          ...(file === undefined ? { url: given(address) } : { file: absolute(file) }),
        })),
      }),
      ...(signedByUs !== undefined && { signedByUs }),
      ...(folder === undefined ? { url: given(url) } : { directory: absolute(folder) }),
    })),
    files: files.map(({ upstream, url, path }) =>
      path === undefined ? { upstream, url: given(url) } : { upstream, path: absolute(path) },
    ),
  };
}

/** A value that the rules asked for. */
function given(value: string | undefined): string {
  if (value === undefined) throw new Error('a mirror names nothing that stands for upstream, and no rule said so');
  return value;
}
