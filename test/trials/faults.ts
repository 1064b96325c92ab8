import { createHash, randomInt } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { killTrials } from '../support/disc/kill-trials.ts';
import { writeOnSmallDisk } from '../support/disc/on-small-disk.ts';
import { writeSample } from '../support/disc/write-sample.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

/**
 * 200 faults while a disc is written, at random moments: 140 times it is killed, 60 times the disk is filled by somebody else. Ends with 1
 * when there was ever something under the name of a disc that is not a whole one, or something else is left behind.
 */
const KILLS = 140;
const FULL_DISKS = 60;
const DISC = 3_300_000;

await inTemporaryDirectory(async (directory) => {
  await mkdir(join(directory, 'kills'));
  const { states } = await killTrials(join(directory, 'kills'), {
    count: KILLS,
    tell: (done) => {
      if (done % 20 === 0) say(`${done} of ${KILLS} killed`);
    },
  });
  say(
    `${KILLS} times killed; under the name there was: ${[...states].map(([state, n]) => `${state} ${n}`).join(', ')}`,
  );

  const outcomes = new Map<string, number>();
  const sums = await knownSums(directory);
  for (let trial = 0; trial < FULL_DISKS; trial++) {
    const outcome = await fillDisk(directory, trial, sums);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  say(`${FULL_DISKS} times the disk was full: ${[...outcomes].map(([outcome, n]) => `${outcome} ${n}`).join(', ')}`);
});

async function knownSums(directory: string) {
  const sumOf = async (salt: string) => {
    const output = join(directory, `disc${salt}.iso`);
    const request = { directory: join(directory, 'sources'), cache: join(directory, 'cache'), output, salt };
    await writeSample(request, { env: process.env, stop: new AbortController().signal });
    const bytes = await readFile(output);
    return { output, sha256: createHash('sha256').update(bytes).digest('hex') };
  };
  return { old: await sumOf('old'), new: await sumOf('') };
}

/** New ones, ones that replace another, and parts, in turn. */
async function fillDisk(
  directory: string,
  trial: number,
  sums: Awaited<ReturnType<typeof knownSums>>,
): Promise<string> {
  const replaces = trial % 3 === 1;
  const inParts = trial % 3 === 2;
  const fillAt = randomInt(1, DISC);
  const request = { fillAt, force: replaces, ...(inParts ? { split: 1_500_000 } : {}) };
  const disk = { size: '24m', ...(replaces ? { old: sums.old.output } : {}) };
  const { told, left, sha256 } = await writeOnSmallDisk(directory, disk, request);
  const others = left.filter((name) => name !== 'somebody else').join();
  if (told.outcome === 'written') {
    const names = inParts ? 'x.iso.parts,x.iso.parts.build.json' : 'x.iso,x.iso.build.json';
    if (others !== names || (!inParts && sha256 !== sums.new.sha256)) throw new Error(`written, and left: ${others}`);
    return 'written before it was full';
  }
  if (told.message !== 'the disk is full: the disc was not written') throw new Error(JSON.stringify(told));
  const expected = replaces ? 'x.iso' : '';
  if (others !== expected || (replaces && sha256 !== sums.old.sha256)) throw new Error(`full, and left: ${others}`);
  return replaces ? 'the old disc stayed' : 'there was nothing';
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
