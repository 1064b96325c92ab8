import { userInfo } from 'node:os';

/** Where programs of a host are looked for, whatever the caller's own path is. */
export const PROGRAM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** All that programs on a host are told by their environment: nothing of the caller's may change what they do or print. */
export function programEnvironment(): Readonly<Record<string, string>> {
  return { PATH: PROGRAM_PATH, HOME: userInfo().homedir, LC_ALL: 'C.UTF-8' };
}
