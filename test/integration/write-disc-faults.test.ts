import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { killTrials } from '../support/disc/kill-trials.ts';
import { runWriteDisc, WRITE_DISC } from '../support/disc/run-write-disc.ts';
import type { SampleRequest, Told } from '../support/disc/write-sample.ts';

const KILLS = 12;

let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'mk8s-faults-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

const at = (...names: string[]) => join(scratch, ...names);

test(`killed ${KILLS} times, there is no disc, or a whole one; the next run clears up and completes`, async () => {
  await mkdir(at('killed'));
  const { kills, whole } = await killTrials(at('killed'), { count: KILLS });
  expect(kills + whole).toBe(KILLS);
  expect(kills).toBeGreaterThan(KILLS / 3);
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
  const { told, left } = await onSmallDisk('3m', { output: 'x.iso' });
  expect(told).toMatchObject({
    code: 'PREFLIGHT_FAILED',
    message: expect.stringMatching(/^the disc needs \d+ MiB, and \d+ are free$/),
    hint: expect.stringContaining('--output'),
  });
  expect(left).toEqual([]);
});

test.each([{}, { split: 1_000_000 }, { fillAt: 3e6 }])(
  'a disk that fills up meanwhile leaves nothing, %j',
  async (more) => {
    const { told, left } = await onSmallDisk('16m', { output: 'x.iso', fillAt: 1, ...more });
    expect(told).toMatchObject({
      code: 'STEP_FAILED',
      message: 'the disk is full: the disc was not written',
      hint: expect.stringContaining('Make room'),
    });
    expect(left).toEqual(['somebody else']);
  },
);

test('a disk that fills up while a disc is replaced leaves the old one', async () => {
  const { told, left, old } = await onSmallDisk('16m', { output: 'x.iso', fillAt: 1, force: true }, 'the old disc');
  expect(told).toMatchObject({ message: 'the disk is full: the disc was not written' });
  expect(left).toEqual(['somebody else', 'x.iso']);
  expect(old).toBe('the old disc');
});

test('a limit of the size of files names the way out', async () => {
  await mkdir(at('limited'));
  const request = { directory: at('s'), output: at('limited', 'x.iso'), cache: at('cache') };
  await runWriteDisc({ ...request, output: at('x.iso') });
  const told = await runWriteDisc(request, { under: ['prlimit', '--fsize=2000000'] });
  expect(told).toMatchObject({
    code: 'PREFLIGHT_FAILED',
    message: 'the disc is larger than a file may become there',
    hint: expect.stringContaining('--split'),
  });
  expect(await readdir(at('limited'))).toEqual([]);
  const inParts = await runWriteDisc({ ...request, split: 1_900_000 }, { under: ['prlimit', '--fsize=2000000'] });
  expect(inParts).toMatchObject({ outcome: 'written' });
});

/** Writes onto a file system of its own, which only the program and its shell see, and gives what is left there. */
async function onSmallDisk(size: string, request: Partial<SampleRequest>, old?: string) {
  const disk = await mkdtemp(at('disk-'));
  await writeFile(at('old'), old ?? '');
  const whole = { directory: disk, cache: at(`cache-${size}`), ...request, output: join(disk, request.output ?? '') };
  const script = `
    mount -t tmpfs -o size="$1" tmpfs "$2"
    if [ -s "$3" ]; then cp "$3" "$2/x.iso"; fi
    "$4" "$5" "$6" || true
    rm -rf "$2/files"
    ls -A "$2"
    echo --
    cat "$2/x.iso" 2>/dev/null || true`;
  const words = ['sh', size, disk, at('old'), process.execPath, WRITE_DISC, JSON.stringify(whole)];
  const { stdout } = await execa('unshare', ['--mount', '--propagation', 'private', 'sh', '-euc', script, ...words]);
  const [told = '', ...rest] = stdout.split('\n');
  const end = rest.indexOf('--');
  return { told: JSON.parse(told) as Told, left: rest.slice(0, end), old: rest.slice(end + 1).join('\n') };
}
