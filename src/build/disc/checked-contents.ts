import type { BigIntStats } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bootId } from '../process-mark.ts';

/**
 * Which files of the build station were found to have the content that their sum says. A file that is still the same one, by device, inode,
 * size and times of change, need not be summed again until the machine is started anew: nothing but its own memory and disk lies between.
 */
export interface CheckedContents {
  has(sha256: string, file: BigIntStats): boolean;
  add(sha256: string, file: BigIntStats): void;
  save(): Promise<void>;
}

const NAME = 'checked-contents.json';

interface Stored {
  readonly boot: string;
  readonly files: Readonly<Record<string, string>>;
}

export async function openCheckedContents(cache: string): Promise<CheckedContents> {
  const path = join(cache, NAME);
  const boot = await bootId();
  const stored = await readStored(path);
  const files = new Map(stored?.boot === boot ? Object.entries(stored.files) : []);
  let changed = false;
  return {
    has: (sha256, file) => files.get(sha256) === identityOf(file),
    add: (sha256, file) => {
      files.set(sha256, identityOf(file));
      changed = true;
    },
    async save() {
      if (!changed) return;
      const temporary = `${path}.${process.pid}`;
      try {
        await writeFile(temporary, JSON.stringify({ boot, files: Object.fromEntries(files) } satisfies Stored));
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
  };
}

/** Whether a file is still the one that it was, as far as the file system tells. */
export function identityOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

async function readStored(path: string): Promise<Stored | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isStored(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isStored(value: unknown): value is Stored {
  if (typeof value !== 'object' || value === null || !('boot' in value) || !('files' in value)) return false;
  return typeof value.boot === 'string' && typeof value.files === 'object' && value.files !== null;
}
