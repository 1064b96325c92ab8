import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder that the running program belongs to, absolute: a source tree, or `cli/` of a disc. Both have `bin/`, `dist/`, `templates/`,
 * `schema/`, `docs/` and `iso/` in it.
 */
export function productRoot(): string {
  let directory = import.meta.dirname;
  while (!existsSync(join(directory, 'bin/metalk8s.js'))) {
    const parent = dirname(directory);
    if (parent === directory) throw new Error(`nothing above ${import.meta.dirname} has bin/metalk8s.js`);
    directory = parent;
  }
  return directory;
}
