import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { lastRun } from '../../src/engine/run-folders.ts';
import { runPlan } from '../../src/engine/run-plan.ts';
import { linesOf, samplePlan, sampleRun } from '../support/engine/sample-run.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

/** The beginning, four of each of three steps, the end. */
const MOMENTS = 14;

test('killed at any moment, the next run ends as one that nothing befell', () =>
  inTemporaryDirectory(async (root) => {
    const directories = Array.from({ length: MOMENTS }, (_, moment) => join(root, String(moment)));
    const next = directories.entries();
    const worker = async () => {
      for (const [moment, directory] of next) await killedAndResumed(directory, moment);
    };
    await Promise.all([worker(), worker(), worker()]);
    // There is no moment after the last.
    const whole = join(root, 'whole');
    await mkdir(whole);
    expect((await start(whole, MOMENTS)).exitCode).toBe(0);
  }));

async function killedAndResumed(directory: string, moment: number): Promise<void> {
  await mkdir(directory);
  expect((await start(directory, moment)).signal, `moment ${moment}`).toBe('SIGKILL');
  const before = await lastRun(join(directory, 'runs'));
  expect(before?.state ?? 'none').toBe(moment === 0 ? 'none' : 'unfinished');
  expect(before?.outcome ?? null).toBe(null);
  const result = await runPlan(samplePlan(), await sampleRun(directory));
  expect(result.changed + result.alreadySo).toBe(3);
  expect(await linesOf(directory)).toEqual(['start-one', 'start-two', 'start-three']);
  expect(await lastRun(join(directory, 'runs'))).toMatchObject({ state: 'finished', stepsDone: 3 });
  expect((await readdir(join(directory, 'runs'))).length).toBe(1);
}

function start(directory: string, moment: number) {
  const program = join(import.meta.dirname, 'fixtures/run-and-die.ts');
  return execa(process.execPath, [program, directory, String(moment)], { reject: false });
}
