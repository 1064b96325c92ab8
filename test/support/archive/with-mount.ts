import { mkdtemp, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

const DEADLINE_MS = 20_000;

/**
 * Mounts an image in user space, read-only, below `directory`, for as long as `act` runs. The mount is in a mount namespace of its own that
 * ends with the program which serves it, and that program with this process: nothing stays, whatever is killed.
 */
export async function withMount<Result>(
  image: string,
  directory: string,
  act: (mount: string) => Promise<Result>,
): Promise<Result> {
  const point = await mkdtemp(join(directory, 'mount-'));
  const serve = ['fuseiso', '-n', image, point, '-f', '-o', 'ro'];
  const child = execa(
    'setpriv',
    ['--pdeathsig', 'KILL', '--', 'unshare', '--mount', '--propagation', 'private', '--', ...serve],
    { reject: false },
  );
  let ended = false;
  const end = child.then(() => {
    ended = true;
  });
  try {
    const mount = `/proc/${child.pid}/root${point}`;
    const { dev } = await stat(point);
    for (
      const deadline = Date.now() + DEADLINE_MS;
      ((await stat(mount).catch(() => undefined))?.dev ?? dev) === dev;
    ) {
      if (Date.now() > deadline || ended) throw new Error(`fuseiso does not mount ${image}`);
      await sleep(5);
    }
    return await act(mount);
  } finally {
    child.kill('SIGKILL');
    await end;
    await rmdir(point);
  }
}
