import type { FileSpecification } from './pki/specification.ts';

/** A file of root's; 0600 unless all may read it, or run it. */
export function rootFile(path: string, mode: 0o600 | 0o644 | 0o755 = 0o600): FileSpecification {
  return { path, mode, uid: 0, gid: 0 };
}
