import { stringify } from 'yaml';
import type { Lock } from './lock.ts';
import { toLockFile } from './to-lock.ts';

const HEADER = `# What a release list came to: every image by digest, every package and file by checksum.
# Written by \`metalk8s build-iso --update-lock\`. A build against it refuses anything else.
`;

/** The file of a lock: equal locks are equal bytes, whatever their order. */
export function renderLock(lock: Lock): string {
  return HEADER + stringify(toLockFile(lock), { lineWidth: 0, aliasDuplicateObjects: false });
}
