import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { packageKeyPath, packagesPath } from '../../../src/disc/paths.ts';
import { cached, type Report } from '../cache.ts';
import { linkFile } from '../release/link-file.ts';
import type { TestRelease } from '../release/release.ts';
import { describePackages } from '../release/rpms/repository.ts';

const PACKAGES = packagesPath('el9/x86_64');

/** A folder with the packages of a release as an archive has them: one repository for a platform, and the key. */
export async function archiveOfRelease(release: TestRelease, report: Report) {
  const key = packageKeyPath(release.key.fingerprint, 'armoured');
  const make = async (directory: string) => {
    for (const repository of release.repositories) {
      const files = await readdir(repository.directory, { recursive: true });
      for (const file of files.filter((path) => path.endsWith('.rpm'))) {
        await linkFile(join(repository.directory, file), join(directory, PACKAGES, basename(file)));
      }
    }
    await describePackages(join(directory, PACKAGES), report);
    await linkFile(release.key.armoured, join(directory, key));
  };
  const recipe = { name: 'archive-of-release', inputs: [basename(release.directory)], make };
  return { directory: await cached(recipe, report), packages: PACKAGES, key };
}
