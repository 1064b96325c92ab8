import { contentDigest, type NodeDirectory, type NodeFile } from '../kubernetes/node-file.ts';
import { type PlacedPath, placedDirectory, protectedPath } from '../salt/placed-file.ts';

/** A folder of a host: path, owner, mode. */
export type PlannedDirectory = PlacedPath;

/** A file of a host, the bytes of which stand in the plan, or in an archive, by their digest. */
export interface PlannedFile extends PlacedPath {
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

export function plannedFile(file: NodeFile): PlannedFile {
  return { ...protectedPath(file), sha256: contentDigest(file) };
}

export function plannedDirectory(directory: NodeDirectory): PlannedDirectory {
  return placedDirectory(directory);
}

/** Contents by digest. */
export function contentsOf(files: readonly NodeFile[]): Readonly<Record<string, string>> {
  return Object.fromEntries(files.map((file) => [contentDigest(file), file.content]));
}
