import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** `nobody`, who has no right that not everybody has. */
const USER = 65534;

/** Folders and programs of a user who is not root. */
export interface OrdinaryUser {
  readonly home: string;
  /** Runs a program as that user; ends however it ends. */
  run(command: readonly string[], options?: { env?: Record<string, string>; umask?: string }): Promise<UserResult>;
  /** Ends what still runs for the user in the home, and removes it. */
  close(): Promise<void>;
}

interface UserResult {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Makes a home for an ordinary user, with a folder for temporary files and one for GnuPG. Only root can. */
export async function ordinaryUser(): Promise<OrdinaryUser> {
  const home = await mkdtemp(join(tmpdir(), 'mk8s-user-'));
  for (const folder of ['tmp', 'gnupg']) {
    await mkdir(join(home, folder), { mode: 0o700 });
    await chown(join(home, folder), USER, USER);
  }
  await chown(home, USER, USER);
  await chmod(home, 0o755);
  const gnupg = { GNUPGHOME: join(home, 'gnupg') };
  const user: OrdinaryUser = {
    home,
    async run(command, { env = {}, umask = '022' } = {}) {
      const user = [`--reuid=${USER}`, `--regid=${USER}`, '--clear-groups', '--pdeathsig=KILL', '--'];
      const shell = ['sh', '-c', 'umask "$0"; exec "$@"', umask];
      const result = await execa('setpriv', [...user, ...shell, ...command], {
        // Without the folders of the system's services, as an ordinary user has it.
        env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home, TMPDIR: join(home, 'tmp'), ...gnupg, ...env },
        extendEnv: false,
        cwd: home,
        stdin: 'ignore',
        reject: false,
      });
      return { exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr };
    },
    async close() {
      // The agent listens to its own user alone.
      await user.run(['gpgconf', '--kill', 'all']);
      await user.run(['gpgconf', '--remove-socketdir']);
      await rm(home, { recursive: true, force: true });
    },
  };
  return user;
}
