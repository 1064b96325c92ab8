import type { Path } from '../documents/path.ts';
import type { MirrorsFile } from './release.types.ts';

/** A path that mirrors name, and what must lie there. */
export interface LocalPath {
  /** Where it stands in the file. */
  readonly path: Path;
  readonly text: string;
  readonly kind: 'file' | 'directory' | 'layout';
}

/** Every path on the build station that mirrors name. */
export function localPaths({ registries, repositories, files }: MirrorsFile): LocalPath[] {
  return [
    ...registries.flatMap(({ ca, layout }, index) => [
      ...named(['registries', index, 'ca'], ca, 'file'),
      ...named(['registries', index, 'layout'], layout, 'layout'),
    ]),
    ...repositories.flatMap(({ directory, keys }, index) => [
      ...named(['repositories', index, 'directory'], directory, 'directory'),
      ...(keys ?? []).flatMap(({ file }, key) => named(['repositories', index, 'keys', key, 'file'], file, 'file')),
    ]),
    ...files.flatMap(({ upstream, path }, index) =>
      named(['files', index, 'path'], path, upstream.endsWith('/') ? 'directory' : 'file'),
    ),
  ];
}

function named(path: Path, text: string | undefined, kind: LocalPath['kind']): LocalPath[] {
  return text === undefined ? [] : [{ path, text, kind }];
}
