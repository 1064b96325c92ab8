import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { bundle } from '../../../scripts/bundle/bundle.ts';

const REPOSITORY = resolve(import.meta.dirname, '../../..');

/** What an installation consists of beside the bundle. */
const PARTS = ['bin', 'docs', 'iso', 'package.json', 'schema', 'templates'];

/**
 * Makes an installation of metalk8s in an empty folder, as `npm run build` leaves the repository: from the sources as they are now,
 * whatever was built before.
 */
export async function installInto(directory: string): Promise<void> {
  await Promise.all(PARTS.map((part) => cp(join(REPOSITORY, part), join(directory, part), { recursive: true })));
  await symlink(join(REPOSITORY, 'node_modules'), join(directory, 'node_modules'));
  for (const { path, contents } of await bundle()) {
    const file = join(directory, 'dist', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, contents);
  }
}
