import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { extractArchive } from '../../src/archive/extract-archive.ts';
import { openArchive } from '../../src/archive/open-archive.ts';
import { discPaths } from '../../src/disc/paths.ts';
import { refusalOf, verifyQuietly } from '../support/archive/corruption.ts';
import { builtDisc, fileAt } from '../support/archive/release-disc.ts';
import { withMount } from '../support/archive/with-mount.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

/**
 * A file above 4 GiB, with an end of its own, is written, verified, read from the image and extracted as it was. Mounted by fuseiso, which
 * cuts such files, it is refused by name. Needs 14 GiB of disk.
 */
const SIZE = 4.25 * 2 ** 30;
const PATH = `${discPaths.blobs}/${'c'.repeat(64)}`;

await inTemporaryDirectory(async (directory) => {
  const large = join(directory, 'large');
  const file = await open(large, 'wx');
  await file.write(Buffer.from('the beginning'), 0, 13, 0);
  await file.write(Buffer.from('behind 4 GiB'), 0, 12, 2 ** 32 + 5);
  await file.write(Buffer.from('the end'), 0, 7, SIZE - 7);
  await file.close();
  const source = await fileAt(large, PATH);
  const { image, keys } = await builtDisc(directory, [source], say);
  await rm(large);
  const { sums, bytes } = await verifyQuietly(image, keys);
  say(`an image of ${bytes} bytes is accepted`);

  const archive = await openArchive(image);
  try {
    const hash = createHash('sha256');
    await archive.stream(PATH, (part) => void hash.update(part));
    expect('content', hash.digest('hex'), sums.find(({ path }) => path === PATH)?.sha256);
    say('the file is read as it was');
    const folder = join(directory, 'folder');
    await extractArchive(archive, sums, folder, { stop: new AbortController().signal });
    expect('refusal of what was extracted', await refusalOf(folder, keys), undefined);
    say('the file is extracted as it was');
    await rm(folder, { recursive: true });
  } finally {
    await archive.close();
  }

  const refusal = await withMount(image, directory, (mount) => refusalOf(mount, keys));
  expect('fault', refusal?.split('\n')[1]?.replace(/ its SHA-256.*/, ''), `${PATH}: changed:`);
  say('mounted by fuseiso, it is refused');
});

function expect(what: string, found: unknown, wanted: unknown): void {
  if (found !== wanted) throw new Error(`${what} is ${String(found)}, not ${String(wanted)}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
