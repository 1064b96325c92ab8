import { createHash } from 'node:crypto';
import type { Fault } from '../disc/fault.ts';
import type { Sum } from '../disc/sums.ts';
import type { TreeEntry } from '../disc/tree-faults.ts';
import type { Archive, ReadContext } from './archive.ts';
import { ArchiveRefused } from './refusal.ts';

/** Several, so that a disk or a share need not wait for the next question. */
const FILES_AT_ONCE = 4;

/** Hashes the files of a list of sums and gives those that differ or cannot be read. `entries` tells their sizes, for the progress. */
export async function checkContents(
  archive: Archive,
  sums: readonly Sum[],
  entries: readonly TreeEntry[],
  { progress, stop }: ReadContext,
): Promise<Fault[]> {
  const sizes = new Map(entries.map(({ path, size }) => [path, size]));
  const total = sums.reduce((sum, { path }) => sum + (sizes.get(path) ?? 0), 0);
  const faults: Fault[] = [];
  let done = 0;
  const queue = sums.values();

  async function worker(): Promise<void> {
    for (const { path, sha256 } of queue) {
      stop.throwIfAborted();
      const hash = createHash('sha256');
      try {
        await archive.stream(path, (part) => {
          stop.throwIfAborted();
          hash.update(part);
          done += part.length;
          progress?.(done, total);
        });
      } catch (error) {
        if (!(error instanceof ArchiveRefused)) throw error;
        faults.push(...error.faults);
        continue;
      }
      const found = hash.digest('hex');
      if (found !== sha256) faults.push({ path, what: `changed: its SHA-256 is ${found}, and ${sha256} was signed` });
    }
  }

  await Promise.all(Array.from({ length: FILES_AT_ONCE }, worker));
  return faults.sort((left, right) => (left.path < right.path ? -1 : 1));
}
