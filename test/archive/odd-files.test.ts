import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { openArchive } from '../../src/archive/open-archive.ts';
import { loadTrustedKeys } from '../../src/archive/trusted-keys.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

/** Names that promise a file, and are something that has no end or never begins. */
describe('a trusted key', () => {
  const load = (directory: string, file: string) =>
    loadTrustedKeys(directory, { trusted: [file], trustDirectory: '/nowhere', origin: undefined });

  test.each([
    ['a device without an end', async () => '/dev/zero', 'this is no file'],
    [
      'a pipe that nobody writes to',
      async (directory: string) => {
        await execa('mkfifo', [join(directory, 'key.asc')]);
        return join(directory, 'key.asc');
      },
      'this is no file',
    ],
    [
      'far too large',
      async (directory: string) => {
        await writeFile(join(directory, 'key.asc'), Buffer.alloc(2 ** 20 + 1, '-'));
        return join(directory, 'key.asc');
      },
      'this is no public key: it is too large',
    ],
  ])('that is %s', async (_, make, message) => {
    await inTemporaryDirectory(async (directory) => {
      const archive = join(directory, 'archive');
      await mkdir(archive);
      await expect(load(archive, await make(directory))).rejects.toMatchObject({ code: 'USAGE', message });
    });
  });
});

test.each(['disc.iso.001', 'disc.iso.002'])('a part %s that is a pipe is not waited for', async (pipe) => {
  await inTemporaryDirectory(async (directory) => {
    const paths = ['disc.iso.001', 'disc.iso.002'].map((name) => join(directory, name));
    for (const path of paths) await (path.endsWith(pipe) ? execa('mkfifo', [path]) : writeFile(path, 'part'));
    await expect(openArchive(paths[0] ?? '')).rejects.toMatchObject({
      code: 'USAGE',
      cause: expect.objectContaining({ message: `${join(directory, pipe)} is no file` }),
    });
  });
});
