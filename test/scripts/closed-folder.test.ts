import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { closedFolderAbove, isClosed } from '../../scripts/closed-folder.mjs';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

test('the first folder above that ordinary users may not pass; a closed clone below an open one is something else', () =>
  inTemporaryDirectory(async (directory) => {
    // Itself closed, as mkdtemp makes it.
    const clone = join(directory, 'home', 'clone');
    await mkdir(clone, { recursive: true, mode: 0o700 });
    expect(closedFolderAbove(clone)).toBe(directory);
    expect(isClosed(clone)).toBe(true);
    await chmod(clone, 0o711);
    expect(isClosed(clone)).toBe(false);
  }));

test('none, where everybody may', () => {
  expect(closedFolderAbove('/usr/share')).toBeUndefined();
  expect(closedFolderAbove('/')).toBeUndefined();
  expect(closedFolderAbove('/root')).toBeUndefined();
});
