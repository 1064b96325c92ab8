import type { TreeEntry } from '../disc/tree-faults.ts';
import { unreadable } from './refusal.ts';

/** An archive that is open for reading: an ISO file or device, or a folder with the same content, mounted or copied. Nothing of it is trusted. */
export interface Archive {
  /** As it was given. */
  readonly path: string;
  /**
   * Everything in it. Of a folder on disk that is not in `folders`, only that it is there; folders of an image are bounded, so that all is
   * told. Throws a `VERIFICATION_FAILED` for an image whose tree cannot be read.
   */
  list(folders?: ReadonlySet<string>): Promise<readonly TreeEntry[]>;
  /**
   * Gives the content of a file to `consume`, in parts that are valid until it returns. Follows no link. Throws a `VERIFICATION_FAILED`
   * that names the file when it is not there, is no file, or cannot be read.
   */
  stream(path: string, consume: (part: Uint8Array) => void | Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** What a reader of an archive tells and heeds. */
export interface ReadContext {
  /** Bytes read so far. Left out where nobody looks. */
  readonly progress?: (done: number, total: number) => void;
  /** Aborted: stop reading, throw its reason. */
  readonly stop: AbortSignal;
}

/** A small file as a whole. Throws a `VERIFICATION_FAILED` for one of more bytes than `limit`. */
export async function readFile(archive: Archive, path: string, limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  await archive.stream(path, (part) => {
    size += part.length;
    if (size > limit) throw unreadable(archive.path, path, `it has more than ${limit} bytes`);
    parts.push(Buffer.from(part));
  });
  return Buffer.concat(parts);
}
