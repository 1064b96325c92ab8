import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { closedFolder } from '../../scripts/closed-folder.mjs';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

test('the first folder on the way that ordinary users may not pass', () =>
  inTemporaryDirectory(async (directory) => {
    // Itself closed, as mkdtemp makes it.
    const inside = join(directory, 'home', 'clone');
    await mkdir(inside, { recursive: true, mode: 0o700 });
    expect(closedFolder(inside)).toBe(directory);
  }));

test('none, where everybody may', () => {
  expect(closedFolder('/usr/share')).toBeUndefined();
  expect(closedFolder('/')).toBeUndefined();
});
