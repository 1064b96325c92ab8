import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { type Entries, sortEntries } from './entries.ts';

/** The committed golden data, as `MINOR/CONFIGURATION/…`. */
export const GOLDEN = join(import.meta.dirname, '../../golden/kubeadm');

/** The configuration that the others of the same minor are stored as differences from. */
const BASE = 'single';
/** Lists what the base has and this configuration has not. */
const ABSENT = 'ABSENT.yaml';

interface Place {
  /** Folder of all golden data, normally `GOLDEN`. */
  readonly root: string;
  readonly minor: string;
  readonly configuration: string;
}

/** Reads the golden data of a configuration, completed by what it shares with `single`. Throws when there is none. */
export async function readGolden(place: Place): Promise<Entries> {
  const own = await readFolder(join(place.root, place.minor, place.configuration));
  if (own.size === 0)
    throw new Error(`no golden data for kubeadm ${place.minor} ${place.configuration}: npm run golden makes it`);
  if (place.configuration === BASE) return sortEntries(own);
  const base = await readFolder(join(place.root, place.minor, BASE));
  for (const path of parse(own.get(ABSENT) ?? '[]') as string[]) base.delete(path);
  own.delete(ABSENT);
  return sortEntries([...base, ...own]);
}

/** Replaces the golden data of a configuration. `single` has to be written before the others. */
export async function writeGolden(place: Place, entries: Entries): Promise<void> {
  const folder = join(place.root, place.minor, place.configuration);
  await rm(folder, { recursive: true, force: true });
  const base = place.configuration === BASE ? new Map() : await readFolder(join(place.root, place.minor, BASE));
  const own = [...entries].filter(([path, text]) => base.get(path) !== text);
  const absent = [...base.keys()].filter((path) => !entries.has(path)).sort();
  if (place.configuration !== BASE) own.push([ABSENT, stringify(absent)]);
  for (const [path, text] of own) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

async function readFolder(folder: string): Promise<Map<string, string>> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      files.map(async (file) => [file.slice(folder.length + 1), await readFile(file, 'utf8')] as const),
    ),
  );
}
