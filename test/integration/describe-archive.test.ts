import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeArchive } from '../../src/archive/describe-archive.ts';
import { discPaths } from '../../src/disc/paths.ts';
import { describedDisc } from '../support/archive/described-disc.ts';
import { writeImage, writeTree } from '../support/archive/signed-disc.ts';
import { gpgHome } from '../support/gpg-home.ts';
import { directoryOfTests } from '../support/test-directory.ts';

/** What is taken of an archive that nobody has read whole: no more than a signature covers. */
const home = gpgHome();
const disc = describedDisc();
const scratch = directoryOfTests();
let tree: string;
let image: string;
let unsigned: string;
let trustDirectory: string;

beforeAll(async () => {
  const key = await (await home).makeKey('release');
  trustDirectory = join(scratch, 'trust');
  await mkdir(trustDirectory);
  await writeFile(join(trustDirectory, 'release.asc'), await key.publicKey());
  [tree = '', unsigned = ''] = ['tree', 'unsigned'].map((name) => join(scratch, name));
  image = join(scratch, 'disc.iso');
  await writeTree(tree, disc.files, { key });
  await writeTree(unsigned, disc.files);
  await writeImage(tree, image, { key });
});

afterAll(async () => (await home).close());

function describeAt(path: string, trusted?: readonly string[]) {
  return describeArchive(path, { trusted, trustDirectory, origin: undefined, now: new Date('2026-11-21T00:00:00Z') });
}

/** A copy with one file changed. */
async function changed(name: string, path: string, content: string): Promise<string> {
  const copy = join(scratch, name);
  await execa('cp', ['-r', tree, copy]);
  await chmod(join(copy, path), 0o644);
  await writeFile(join(copy, path), content);
  return copy;
}

test('a folder and an image are described alike', async () => {
  const [folder, file] = await Promise.all([describeAt(tree), describeAt(image)]);
  expect(folder.description).toEqual(disc.description);
  expect(file.description).toEqual(disc.description);
  expect(file.sumsSha256).toBe(folder.sumsSha256);
  expect([folder.kind, file.kind]).toEqual(['folder', 'image']);
  expect(file.bytes).toBe((await stat(image)).size);
  expect(file.fileBytes).toBe(folder.fileBytes);
});

test('what the signature does not cover is refused', async () => {
  const description = JSON.stringify({ ...disc.description, version: '137.0.0' });
  const attempts = [
    unsigned,
    await changed('other-description', discPaths.release, description),
    await changed('other-list', discPaths.sums, `${'0'.repeat(64)}  ${discPaths.release}\n`),
  ];
  for (const path of attempts)
    await expect(describeAt(path), path).rejects.toMatchObject({ code: 'VERIFICATION_FAILED' });
});

test('other files are not read: that is what verifying is for', async () => {
  const copy = await changed(
    'other-blob',
    Object.keys(disc.files).find((path) => path.startsWith(discPaths.blobs)) ?? '',
    'x',
  );
  await expect(describeAt(copy)).resolves.toMatchObject({ description: disc.description });
});

test('without a trusted key it is wrong usage, and a key that others have does not do', async () => {
  await expect(describeAt(tree, [])).rejects.toMatchObject({ code: 'USAGE' });
  const other = await (await home).makeKey('other');
  const file = join(scratch, 'other.asc');
  await writeFile(file, await other.publicKey());
  await expect(describeAt(image, [file])).rejects.toMatchObject({ code: 'VERIFICATION_FAILED' });
});
