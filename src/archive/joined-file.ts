import { constants } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What an image is read from: a file, a device, or the parts of a file. */
export type ImageFile = Pick<FileHandle, 'close'> & {
  /** As that of a FileHandle. */
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
};

const FIRST_PART = /\.001$/;

/** The parts that follow a first one beside it, `NAME.001`, without a gap; empty for a file of any other name. */
export async function partsOf(path: string): Promise<string[]> {
  if (!FIRST_PART.test(path)) return [];
  const names = new Set(await readdir(dirname(path)));
  const parts: string[] = [];
  for (let number = 1; number <= 999; number++) {
    const part = path.replace(FIRST_PART, `.${String(number).padStart(3, '0')}`);
    if (!names.has(basename(part))) break;
    parts.push(part);
  }
  return parts;
}

/** The first part in a folder that holds the parts of one image; undefined for any other folder. */
export async function firstPartIn(folder: string): Promise<string | undefined> {
  const [first, another] = (await readdir(folder)).filter((name) => name.endsWith('.iso.001'));
  return first === undefined || another !== undefined ? undefined : join(folder, first);
}

/** Opens a file, and nothing that reading would wait for: a pipe may have taken its place. */
export async function openFile(path: string): Promise<{ readonly file: FileHandle; readonly size: number }> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = await file.stat();
  if (stats.isFile()) return { file, size: stats.size };
  await file.close();
  throw new Error(`${path} is no file`);
}

/** Files that are read as one, in their order. */
export async function joinFiles(
  paths: readonly string[],
): Promise<{ readonly file: ImageFile; readonly size: number }> {
  const parts: { readonly file: FileHandle; readonly from: number; readonly to: number }[] = [];
  const close = async () => {
    for (const { file } of parts) await file.close();
  };
  let size = 0;
  try {
    for (const path of paths) {
      const part = await openFile(path);
      parts.push({ file: part.file, from: size, to: size + part.size });
      size += part.size;
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    size,
    file: {
      close,
      async read(buffer, offset, length, position) {
        const part = parts.find(({ from, to }) => position >= from && position < to);
        if (part === undefined) return { bytesRead: 0 };
        return part.file.read(buffer, offset, Math.min(length, part.to - position), position - part.from);
      },
    },
  };
}
