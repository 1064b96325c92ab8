import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import { type CheckedContents, identityOf } from './checked-contents.ts';
import type { DiscContent } from './disc-layout.ts';

/** Watches over the reading of one file. Every method throws a `STEP_FAILED` when the file is not what it was to be. */
interface Check {
  /** What was read; nothing means that the file has ended early. */
  take(bytes: Uint8Array): void;
  /** With what the file system tells of it afterwards. */
  end(stat: BigIntStats): void;
}

/** A file whose content was found right since the machine was started, and that is still the same one, is not summed again. */
export function checkWhileReading(
  path: string,
  { size, sha256 }: Pick<DiscContent, 'size' | 'sha256'>,
  { checked, stat }: { readonly checked: CheckedContents; readonly stat: BigIntStats },
): Check {
  if (!stat.isFile() || stat.size !== BigInt(size)) throw changed(path);
  const hash = checked.has(sha256, stat) ? undefined : createHash('sha256');
  let left = size;
  return {
    take(bytes) {
      if (bytes.length === 0) throw changed(path);
      left -= bytes.length;
      hash?.update(bytes);
    },
    end(after) {
      if (left !== 0 || after.size !== stat.size || after.mtimeNs !== stat.mtimeNs) throw changed(path);
      if (hash === undefined) return;
      if (hash.digest('hex') !== sha256) throw changed(path);
      // A new hard link changes its time, and nothing else.
      if (identityOf(stat) === identityOf(after)) checked.add(sha256, after);
    },
  };
}

function changed(path: string): MetalK8sError {
  return new MetalK8sError('STEP_FAILED', 'a file that was to go on the disc is not what its SHA-256 says', {
    where: path,
    hint: 'It was damaged or changed after it was fetched. Remove it, and run again: what is missing in the cache is fetched anew.',
  });
}
