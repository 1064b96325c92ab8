import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import type { BundledModule } from '../../src/disc/inventory/inventory.ts';

const MODULE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

/** The npm packages that the bundle has code of, by name, with the licences that go along with it. */
export async function bundledModules(root: string, { outputs }: Metafile): Promise<readonly BundledModule[]> {
  const lock = await readJson<PackageLock>(join(root, 'package-lock.json'));
  const modules = await Promise.all([...packageFolders(outputs)].map((folder) => describe(root, { folder, lock })));
  // npm may lay the same version into several folders.
  const once = new Map(modules.map((module) => [key(module), module]));
  return [...once.values()].toSorted((left, right) => (key(left) < key(right) ? -1 : 1));
}

function key({ name, version }: BundledModule): string {
  return `${name}@${version}`;
}

/** `node_modules/@peculiar/asn1-schema`: only of files that something is left of. */
function packageFolders(outputs: Metafile['outputs']): Set<string> {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => MODULE.exec(path)?.[0]);
  return new Set(used.filter((folder) => folder !== undefined));
}

interface PackageLock {
  readonly packages: Readonly<Record<string, { readonly integrity?: string }>>;
}

interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  /** How npm's first packages told it. */
  readonly licenses?: readonly { readonly type: string }[];
}

async function describe(root: string, { folder, lock }: { folder: string; lock: PackageLock }): Promise<BundledModule> {
  const directory = join(root, folder);
  const { name, version, license, licenses } = await readJson<PackageManifest>(join(directory, 'package.json'));
  const integrity = lock.packages[folder]?.integrity;
  const licence = license ?? licenses?.map(({ type }) => type).join(' OR ');
  if (licence === undefined || integrity === undefined) {
    throw new Error(`${folder} has no licence in its package.json, or no checksum in package-lock.json`);
  }
  const files = (await readdir(directory)).filter((file) => LICENCE_FILE.test(file)).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
  return { name, version, licence, integrity, licenceTexts: texts };
}

async function readJson<Content>(path: string): Promise<Content> {
  return JSON.parse(await readFile(path, 'utf8'));
}
