import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { killTrials } from '../support/disc/kill-trials.ts';
import { writeOnSmallDisk } from '../support/disc/on-small-disk.ts';
import { runWriteDisc } from '../support/disc/run-write-disc.ts';
import { directoryOfTests } from '../support/test-directory.ts';

const KILLS = 12;

const scratch = directoryOfTests();

const at = (...names: string[]) => join(scratch, ...names);

test(`killed ${KILLS} times, there is no disc, or a whole one; the next run clears up and completes`, async () => {
  await mkdir(at('killed'));
  const { states } = await killTrials(at('killed'), { count: KILLS });
  expect(states.get('half')).toBe(undefined);
  expect([...states.values()].reduce((sum, count) => sum + count, 0)).toBe(KILLS);
});

test('a signal ends it at once, and nothing is left', async () => {
  await mkdir(at('interrupted'));
  const request = { directory: at('s'), output: at('interrupted', 'x.iso'), cache: at('cache'), size: 2e7 };
  for (const more of [{}, { split: 5_000_000 }]) {
    expect(await runWriteDisc({ ...request, ...more, interruptAt: 2e6 })).toMatchObject({
      message: 'stopped by SIGINT',
    });
    expect(await readdir(at('interrupted'))).toEqual([]);
  }
});

test('without room nothing is written', async () => {
  const { told, left } = await writeOnSmallDisk(scratch, { size: '5m' }, {});
  expect(told).toMatchObject({
    code: 'PREFLIGHT_FAILED',
    message: expect.stringMatching(/^the disc needs [\d.]+ [KMGT]iB, and [\d.]+ [KMGT]iB are free$/),
    hint: expect.stringContaining('--output'),
  });
  expect(left).toEqual([]);
});

test.each([{}, { split: 1_000_000 }, { fillAt: 3e6 }])(
  'a disk that fills up meanwhile leaves nothing, %j',
  async (more) => {
    const { told, left } = await writeOnSmallDisk(scratch, { size: '16m' }, { fillAt: 1, ...more });
    expect(told).toMatchObject({
      code: 'STEP_FAILED',
      message: 'the disk is full: the disc was not written',
      hint: expect.stringContaining('Make room'),
    });
    expect(left).toEqual(['somebody else']);
  },
);

test('a disk that fills up while a disc is replaced leaves the old one', async () => {
  await writeFile(at('old'), 'the old disc');
  const { told, left, sha256 } = await writeOnSmallDisk(
    scratch,
    { size: '16m', old: at('old') },
    { fillAt: 1, force: true },
  );
  expect(told).toMatchObject({ message: 'the disk is full: the disc was not written' });
  expect(left).toEqual(['somebody else', 'x.iso']);
  expect(sha256).toBe(createHash('sha256').update('the old disc').digest('hex'));
});
