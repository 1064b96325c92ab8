import { chmod, chown, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DiscFile } from '../../../src/disc/disc-file.ts';
import { gpgHome, type KeyFiles, type KeyOptions, type TestKey, writeKeyFiles } from '../gpg-home.ts';
import { installInto } from '../product/installation.ts';
import { discContents, type SmallDisc, type SmallDiscOptions, withLocalNode, writeDisc } from './disc.ts';
import type { Person } from './start.ts';

/** A key whose public half lies in files of the ground. */
export type FiledKey = TestKey & KeyFiles;

/** What tests of the launcher stand on. Remove it afterwards. */
export interface LauncherGround {
  readonly directory: string;
  /** The key that signs discs. */
  readonly key: FiledKey;
  /** Makes another key. */
  makeKey(name: string, options?: KeyOptions): Promise<FiledKey>;
  /** A disc in a folder of its own. */
  disc(
    name: string,
    options?: Omit<SmallDiscOptions, 'key'> & { readonly key?: TestKey | undefined },
  ): Promise<SmallDisc>;
  /** Somebody with an empty home. */
  person(name: string, uid?: number): Promise<Person>;
  remove(): Promise<void>;
}

/** Debian's `daemon`: an ordinary user for our purpose, with a group of its own by the same name. */
const SOMEBODY = 1;
/** Debian's `bin`. */
export const SOMEBODY_ELSE = 2;

export async function launcherGround(): Promise<LauncherGround> {
  const directory = await mkdtemp(join(tmpdir(), 'mk8s-disc-'));
  await chmod(directory, 0o755);
  const gnupg = await gpgHome();
  const makeKey = async (name: string, options?: KeyOptions): Promise<FiledKey> => {
    const made = await gnupg.makeKey(name, options);
    return { ...made, ...(await writeKeyFiles(made, directory, name)) };
  };
  const key = await makeKey('release');
  const installation = join(directory, 'installation');
  await mkdir(installation);
  await installInto(installation);
  const contents: readonly DiscFile[] = await withLocalNode(await discContents(installation), directory);
  return {
    directory,
    key,
    makeKey,
    async disc(name, options = {}) {
      const { key: signing, ...rest } = { key, ...options };
      return writeDisc(join(directory, name), contents, signing === undefined ? rest : { ...rest, key: signing });
    },
    async person(name, uid = SOMEBODY) {
      const home = join(directory, 'homes', name);
      await mkdir(home, { recursive: true });
      await chown(home, uid, uid);
      return { uid, gid: uid, home };
    },
    async remove() {
      await gnupg.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Where the launcher keeps copies for somebody who is not root. */
export function copiesOf({ home }: Person): string {
  return join(home, '.cache/metalk8s/runtime');
}

/** What is in that folder, also what begins with a dot; nothing when it is not there. */
export async function listCopies(person: Person): Promise<string[]> {
  return readdir(copiesOf(person)).catch(() => []);
}

/** A program for the place of the command line: prints what it was given, and what runs it. */
export const TELL = `
const { argv, env, execPath } = process;
const umask = process.umask().toString(8);
const { METALK8S_ARCHIVE: archive, METALK8S_TRUSTED_KEY: trustedKey, RUNTIME: node = execPath } = env;
process.stdout.write(JSON.stringify({ args: argv.slice(2), program: argv[1], node, archive, trustedKey, umask }));
`;

/** A program for the place of Node.js: runs that of the tests, and tells where itself was. */
export const SMALL_RUNTIME = `#!/bin/sh
RUNTIME=$0 exec '${process.execPath}' "$@"
`;
