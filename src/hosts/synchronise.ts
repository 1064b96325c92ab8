import { open } from 'node:fs/promises';

/** Waits until a file's content, or the names in a folder, are on their disk, where they outlive a power cut. */
export async function synchronise(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}
