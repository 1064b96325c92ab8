import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { contentDigest, type NodeDirectory, type NodeFile } from '../kubernetes/node-file.ts';
import type { FileSpecification } from '../kubernetes/pki/specification.ts';
import { saltPaths } from './paths.ts';

/** A folder of the file roots that no formula lies in. */
const FOLDER = 'metalk8s-files';

/** A path with who may do what there, in Salt's words. */
export interface PlacedPath {
  readonly path: string;
  readonly user: string;
  readonly group: string;
  /** Octal, with a leading zero: `0644`. */
  readonly mode: string;
}

/** A file of a node that is copied from the file roots. */
export interface PlacedFile extends PlacedPath {
  /** `salt://…` */
  readonly source: string;
  /** `sha256=…` */
  readonly sourceHash: string;
}

/** Where a file's bytes lie in the file roots: by their digest, so that what many nodes have is there once. */
export function sourcePath(file: NodeFile): string {
  return `${FOLDER}/${contentDigest(file)}`;
}

/** Where the bytes of a SHA-256 lie on a node, for as long as its Salt has a file of them to place. */
export function storedFile(sha256: string): string {
  return `${saltPaths.files}/${FOLDER}/${sha256}`;
}

export function placedFile(file: NodeFile): PlacedFile {
  return {
    ...protectedPath(file),
    source: `salt://${sourcePath(file)}`,
    sourceHash: `sha256=${contentDigest(file)}`,
  };
}

export function placedDirectory({ path, mode, user, group }: NodeDirectory): PlacedPath {
  return { path, user, group, mode: octal(mode) };
}

/** Path, owner and mode of a file whose bytes are not ours to know. */
export function protectedPath({ path, mode, uid, gid }: FileSpecification): PlacedPath {
  return { path, user: nameOf(uid, path), group: nameOf(gid, path), mode: octal(mode) };
}

function octal(mode: number): string {
  return `0${mode.toString(8)}`;
}

/** Salt takes the number 0 for none at all. */
function nameOf(id: number, path: string): string {
  if (id === 0) return 'root';
  throw new MetalK8sError('INTERNAL', `${path} belongs to the number ${id}, which has no name that all hosts know`);
}
