import { chmod, cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Copies a directory out of Go's module cache, where everything is read-only, so that the copy can be removed again. */
export async function copyTree(source: string, target: string): Promise<void> {
  await cp(source, target, { recursive: true });
  await chmod(target, 0o755);
  for (const entry of await readdir(target, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) await chmod(join(entry.parentPath, entry.name), 0o755);
  }
}
