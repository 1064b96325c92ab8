import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { SmallDisc } from './disc.ts';

/** Somebody at a shell. */
export interface Person {
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

export interface StartOptions {
  /** The command that reads the launcher: `['dash']`. */
  readonly shell?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Another way to the launcher than its absolute path. */
  readonly launcher?: string;
}

/** Starts the launcher of a disc as somebody, who has nothing of ours in the environment. The process leads a group of its own. */
export function start(
  disc: SmallDisc,
  { uid, gid, home }: Person,
  args: readonly string[],
  { shell = ['dash'], env, cwd, launcher = disc.launcher }: StartOptions = {},
) {
  const as = ['--reuid', `${uid}`, '--regid', `${gid}`, '--clear-groups', '--pdeathsig', 'KILL', '--'];
  return execa('/usr/bin/setpriv', [...as, ...shell, launcher, ...args], {
    reject: false,
    stdin: 'ignore',
    detached: true,
    cwd: cwd ?? '/',
    env: {
      HOME: home,
      XDG_CACHE_HOME: undefined,
      METALK8S_TRUSTED_KEY: undefined,
      METALK8S_ARCHIVE: undefined,
      NODE_OPTIONS: undefined,
      ...env,
    },
  });
}

/** The tools that the launcher may count on, as busybox has them, and gpgv: nothing else is found on this path. */
const APPLETS =
  'base64 cat chmod cp date head id mkdir mktemp mv printf pwd readlink rm rmdir sha256sum stat sync tail uname'.split(
    ' ',
  );

/** A folder of programs: `path` for the environment, `shell` to read the launcher. */
export async function busyboxTools(folder: string): Promise<{ path: string; shell: readonly string[] }> {
  await mkdir(folder, { recursive: true });
  for (const applet of [...APPLETS, 'ash']) await symlink('/bin/busybox', join(folder, applet));
  await symlink('/usr/bin/gpgv', join(folder, 'gpgv'));
  return { path: folder, shell: [join(folder, 'ash')] };
}
