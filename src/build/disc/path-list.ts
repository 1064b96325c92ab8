import type { DiscEntry } from './disc-layout.ts';

/** Lines for `-path-list` with `-graft-points`: what stands where on the disc, and the file with its content. See xorrisofs(1). */
export function pathList(entries: readonly DiscEntry[], fileOf: (entry: DiscEntry) => string): string {
  return entries.map((entry) => `/${escaped(entry.path)}=${fileOf(entry)}\n`).join('');
}

/** Left to themselves the contents stand in the order of inodes. A higher weight comes first; entries of one content have one weight. */
export function weightList(entries: readonly DiscEntry[], contents: number): string {
  return entries.map(({ path, content }) => `${content === undefined ? 0 : contents - content} /${path}\n`).join('');
}

function escaped(path: string): string {
  return path.replaceAll('\\', '\\\\').replaceAll('=', '\\=');
}
