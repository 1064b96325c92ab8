import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * The folder on the way to a path that ordinary users may not pass, such as root's home; undefined when there is none.
 *
 * @param {string} path absolute
 * @returns {string | undefined}
 */
export function closedFolder(path) {
  const above = dirname(path);
  const closed = above === path ? undefined : closedFolder(above);
  return closed ?? ((statSync(path).mode & 0o001) === 0 ? path : undefined);
}
