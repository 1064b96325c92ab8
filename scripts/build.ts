import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { type BundleFile, bundle } from './bundle/bundle.ts';

const root = resolve(import.meta.dirname, '..');
const directory = join(root, 'dist');

/** Writes new files first and the entry last, so that a program that starts meanwhile finds what it needs; then drops old ones. */
async function writeBundle(): Promise<void> {
  const files = await bundle();
  const entryLast = files.toSorted((left, right) => Number(isEntry(left)) - Number(isEntry(right)));
  for (const { path, contents } of entryLast) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.new`, contents);
    await rename(`${file}.new`, file);
  }
  const wanted = new Set(files.map(({ path }) => join(directory, path)));
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !wanted.has(path)) await rm(path, { force: true });
  }
  const bytes = files.reduce((sum, { contents }) => sum + contents.length, 0);
  process.stdout.write(`${relative(root, directory)}: ${files.length} files, ${Math.round(bytes / 1024)} KiB\n`);
}

function isEntry({ path }: BundleFile): boolean {
  return dirname(path) === '.';
}

await writeBundle();
