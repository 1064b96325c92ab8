import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Whether ordinary users may not pass a folder, as is so with root's home.
 *
 * @param {string} path
 * @returns {boolean}
 */
export function isClosed(path) {
  return (statSync(path).mode & 0o001) === 0;
}

/**
 * The first folder on the way to a path that ordinary users may not pass; undefined when there is none. The path itself is not looked at.
 *
 * @param {string} path absolute
 * @returns {string | undefined}
 */
export function closedFolderAbove(path) {
  const above = dirname(path);
  if (above === path) return undefined;
  return closedFolderAbove(above) ?? (isClosed(above) ? above : undefined);
}
