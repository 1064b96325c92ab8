import { createHash } from 'node:crypto';
import type { FileSpecification } from './pki/specification.ts';

/** A file of a node whose final bytes are known, none of which is a secret. */
export interface NodeFile extends FileSpecification {
  readonly content: string;
}

/** A directory of a node, by names of user and group, which may have other numbers on each host. */
export interface NodeDirectory {
  readonly path: string;
  readonly mode: number;
  readonly user: string;
  readonly group: string;
}

/** `sha256:` and the digest of files' paths and contents: it changes when one of them does. */
export function digestOfFiles(files: readonly NodeFile[]): string {
  const hash = createHash('sha256');
  for (const { path, content } of files) hash.update(JSON.stringify([path, content]));
  return `sha256:${hash.digest('hex')}`;
}

/** Files are plain values that never change, so each is read once however many ask. */
const digests = new WeakMap<NodeFile, string>();

/** SHA-256 of a file's content, 64 hexadecimal digits. */
export function contentDigest(file: NodeFile): string {
  const known = digests.get(file);
  if (known !== undefined) return known;
  const digest = createHash('sha256').update(file.content).digest('hex');
  digests.set(file, digest);
  return digest;
}
