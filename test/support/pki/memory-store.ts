import type { FileStore, FileToWrite } from '../../../src/hosts/file-store.ts';

export interface MemoryStore extends FileStore {
  readonly files: Map<string, FileToWrite>;
  /** Paths in the order in which they were written. */
  readonly written: string[];
  /** Puts a file there as if someone had, with root's protection of a key unless told. */
  put(path: string, content: string, mode?: number): void;
}

/** A host's files in memory. */
export function memoryStore(): MemoryStore {
  const files = new Map<string, FileToWrite>();
  const written: string[] = [];
  return {
    files,
    written,
    put: (path, content, mode = path.endsWith('.crt') ? 0o644 : 0o600) => {
      files.set(path, { path, content, mode, uid: 0, gid: 0 });
    },
    read: async (path) => files.get(path)?.content,
    stat: async (path) => files.get(path),
    writeAtomic: async (all) => {
      for (const file of all) {
        files.set(file.path, file);
        written.push(file.path);
      }
    },
  };
}
