import { join } from 'node:path';
import type { FileStore } from '../../../src/hosts/file-store.ts';
import { localFileStore } from '../../../src/hosts/local-file-store.ts';

/** Real files, all below one directory that plays the root of a host. */
export function rootedStore(root: string): FileStore {
  return {
    read: (path) => localFileStore.read(join(root, path)),
    stat: (path) => localFileStore.stat(join(root, path)),
    writeAtomic: (files) => localFileStore.writeAtomic(files.map((file) => ({ ...file, path: join(root, file.path) }))),
  };
}
