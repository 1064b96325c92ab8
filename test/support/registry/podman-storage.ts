import { join } from 'node:path';

/** Words that make podman keep everything below a folder, without the machine's settings for storage. */
export function podmanStorage(directory: string): readonly string[] {
  return ['--root', join(directory, 'podman'), '--runroot', join(directory, 'run'), '--storage-driver', 'vfs'];
}
