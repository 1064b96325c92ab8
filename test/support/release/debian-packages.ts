import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { inTemporaryDirectory } from '../temporary-directory.ts';

/**
 * Downloads Debian packages, in the newest version that the machine's apt sources have, and unpacks them all into one
 * directory. Neither dependencies nor scripts are looked at, and nothing of the machine's own apt state is used or
 * changed but its sources. Needs no root. Throws with apt's words when a package cannot be had.
 */
export async function unpackDebianPackages(names: readonly string[], directory: string): Promise<void> {
  await inTemporaryDirectory(async (scratch) => {
    for (const folder of ['lists/partial', 'cache/archives/partial', 'packages']) {
      await mkdir(join(scratch, folder), { recursive: true });
    }
    const packages = join(scratch, 'packages');
    // Package lists of the test's own: those of the machine may be missing, or name versions no longer served.
    const own = ['-o', `Dir::State::lists=${scratch}/lists`, '-o', `Dir::Cache=${scratch}/cache`];
    const options = ['--quiet=2', '-o', 'APT::Sandbox::User=root', ...own];
    await execa('apt-get', [...options, 'update'], { stdin: 'ignore' });
    await execa('apt-get', [...options, 'download', ...names], { cwd: packages, stdin: 'ignore' });
    await mkdir(directory, { recursive: true });
    for (const file of (await readdir(packages)).sort()) {
      await execa('dpkg-deb', ['--extract', join(packages, file), directory]);
    }
  });
}
