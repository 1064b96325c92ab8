import { expect, test } from 'vitest';
import type { Archive } from '../../src/archive/archive.ts';
import { readSigned } from '../../src/archive/read-signed.ts';
import { sha256Of } from '../../src/disc/sha256-of.ts';

const sums = [{ path: 'a.yaml', sha256: sha256Of('signed\n') }];

function archiveWith(content: string): Archive {
  return {
    path: '/data/disc',
    list: async () => [],
    stream: async (_path, consume) => void (await consume(Buffer.from(content))),
    close: async () => {},
  };
}

test('a text that is as it was signed', async () => {
  expect(await readSigned(archiveWith('signed\n'), sums, 'a.yaml', 100)).toBe('signed\n');
});

test('a text that was changed since is refused, by its name', async () => {
  await expect(readSigned(archiveWith('Signed\n'), sums, 'a.yaml', 100)).rejects.toMatchObject({
    code: 'VERIFICATION_FAILED',
    where: '/data/disc: a.yaml',
  });
});

test('what has no sum is not read, whatever is there', async () => {
  expect(await readSigned(archiveWith('foreign\n'), sums, 'b.yaml', 100)).toBeUndefined();
});

test('nothing endless is read', async () => {
  await expect(readSigned(archiveWith('signed\n'), sums, 'a.yaml', 3)).rejects.toMatchObject({
    code: 'VERIFICATION_FAILED',
  });
});
