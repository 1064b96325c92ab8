import { copyFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { chooseFlips, refusalOf, withCuts, withFlip } from '../support/archive/corruption.ts';
import { releaseDisc } from '../support/archive/release-disc.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

/**
 * 1,000 flipped bits and 100 cuts of a large image, each verified from the start: all have to be refused. 100 of the bits are aimed outside
 * the contents of files: header, descriptors, path tables, directories, slack, padding. Ends with 1 when one was accepted.
 */
const AIMED = 100;
const ANYWHERE = 900;
const CUTS = 100;

await inTemporaryDirectory(async (directory) => {
  const { image, keys } = await releaseDisc(directory, () => {});
  const { size } = await stat(image);
  say(`an image of ${Math.round(size / 2 ** 20)} MiB`);
  if ((await refusalOf(image, keys)) !== undefined) throw new Error('the image is refused as it is');

  const flips = await chooseFlips(image, { aimed: AIMED, anywhere: ANYWHERE });
  const refusals = new Map<string, number>();
  const accepted: string[] = [];
  for (const [index, flip] of flips.entries()) {
    const refusal = await withFlip(image, flip, () => refusalOf(image, keys));
    if (refusal === undefined) accepted.push(`bit ${flip.bit} of byte ${flip.position}, ${flip.region}`);
    const kind = `${flip.region}: ${(refusal ?? 'ACCEPTED').replace(/[:\n].*/s, '')}`;
    refusals.set(kind, (refusals.get(kind) ?? 0) + 1);
    if ((index + 1) % 100 === 0) say(`${index + 1} bits flipped, ${accepted.length} accepted`);
  }
  for (const [kind, count] of [...refusals].sort()) say(`  ${String(count).padStart(4)}  ${kind}`);
  if ((await refusalOf(image, keys)) !== undefined) throw new Error('a bit was not put back');

  const copy = join(directory, 'cut.iso');
  await copyFile(image, copy);
  await rm(image);
  await withCuts(copy, CUTS, async (length) => {
    if ((await refusalOf(copy, keys)) === undefined) accepted.push(`cut to ${length} bytes`);
  });
  say(`${CUTS} cuts`);

  for (const one of accepted) say(`ACCEPTED: ${one}`);
  say(`${AIMED + ANYWHERE} flipped bits and ${CUTS} cuts, ${accepted.length} accepted`);
  if (accepted.length > 0) process.exitCode = 1;
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
