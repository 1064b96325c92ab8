import type { FileStore } from '../hosts/file-store.ts';
import { processStart } from '../hosts/process-start.ts';
import { type LockOwner, ownerOf } from './run-lock.ts';

/** Who holds the lock of a host, without touching it; undefined: nobody. Whoever was killed is still named there, and may have left its pid to another. */
export async function lockHolder(files: Pick<FileStore, 'read'>, path: string): Promise<LockOwner | undefined> {
  const named = ownerOf((await files.read(path)) ?? '');
  if (named === undefined) return undefined;
  const { start, ...owner } = named;
  const stat = await files.read(`/proc/${owner.pid}/stat`);
  return stat !== undefined && processStart(stat) === start ? owner : undefined;
}
