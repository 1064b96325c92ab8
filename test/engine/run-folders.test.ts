import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { journalLine, openJournal, readJournal } from '../../src/engine/journal.ts';
import {
  beginRun,
  FINISHED_RUNS_KEPT,
  journalPath,
  lastRun,
  listRuns,
  nextRunId,
} from '../../src/engine/run-folders.ts';
import { runPlan } from '../../src/engine/run-plan.ts';
import type { RunRecord } from '../../src/engine/run-record.ts';
import { everyHandler, samplePlan, sampleRun } from '../support/engine/sample-run.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

const RUN = '0001-bootstrap-20261121T184300Z';

test('there are no runs before the first', () =>
  inTemporaryDirectory(async (directory) => {
    expect(await lastRun(join(directory, 'runs'))).toBeUndefined();
    expect(await listRuns(join(directory, 'runs'))).toEqual([]);
  }));

test('a journal torn at any byte is read, and written on', () =>
  inTemporaryDirectory(async (directory) => {
    const run = await sampleRun(directory);
    await runPlan(samplePlan(), run);
    const path = journalPath(run.runs, RUN);
    const whole = await readFile(path);
    const lines = whole.toString().split('\n').length - 1;
    for (let size = whole.length - 1; size >= 0; size -= 1) {
      await truncate(path, size);
      const entries = await readJournal(path);
      const complete = whole.subarray(0, size).toString().split('\n').length - 1;
      // The end of a line alone may lack.
      expect([complete, complete + 1]).toContain(entries.length);
      expect(entries.length).toBeLessThanOrEqual(lines);
      expect((await lastRun(run.runs))?.id).toBe(entries.length === 0 ? undefined : RUN);
    }
    for (const torn of [0, 10, whole.indexOf('\n') + 5, whole.length - 3]) {
      await writeFile(path, whole.subarray(0, torn));
      expect(await runPlan(samplePlan(), await sampleRun(directory))).toMatchObject({ alreadySo: 3 });
      expect(await lastRun(run.runs)).toMatchObject({ id: RUN, state: 'finished' });
    }
  }));

test('lines of a later version and zeros of a power cut are left out', () =>
  inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'journal.ndjson');
    await writeFile(path, `{"time":"t","what":"new"}\n7\n[]\nnull\n\0\0\0\0`);
    const journal = await openJournal(path);
    await journal.write({ time: 't', what: 'run-ended', outcome: 'done' });
    await journal.close();
    expect(await readJournal(path)).toEqual([{ time: 't', what: 'run-ended', outcome: 'done' }]);
  }));

test.each([0, 1, 20])('a line that a full disk has torn after %d bytes does not take the next with it', (room) =>
  inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'journal.ndjson');
    await writeFile(path, journalLine({ time: 't', what: 'step-begun', host: 'node-1', step: 'a-step' }));
    const program = join(import.meta.dirname, 'fixtures/journal-on-full-disk.ts');
    const { stdout } = await execa(process.execPath, [program, path, String(room)]);
    expect(stdout).toBe('STEP_FAILED: the journal cannot be written');
    expect((await readJournal(path)).map(({ what }) => what)).toEqual(['step-begun', 'run-ended']);
  }),
);

test('what a killed writer left of a run that had not begun is cleared away by the next', () =>
  inTemporaryDirectory(async (directory) => {
    const run = await sampleRun(directory);
    await mkdir(join(run.runs, `.${RUN}.new`), { recursive: true });
    await writeFile(join(run.runs, `.${RUN}.new`, 'plan.json'), '{');
    await mkdir(join(run.runs, RUN));
    expect(await lastRun(run.runs)).toBeUndefined();
    await runPlan(samplePlan(), run);
    expect(await readdir(run.runs)).toEqual([RUN]);
  }));

test('of a run that is no longer kept, what a killed one left amid the removal goes with the next', () =>
  inTemporaryDirectory(async (directory) => {
    const run = await sampleRun(directory, { runId: '0012-bootstrap-x' });
    const going = join(run.runs, '.0001-bootstrap-x.old');
    await mkdir(going, { recursive: true });
    await writeFile(join(going, 'plan.json'), '{}');
    await runPlan(samplePlan(), run);
    expect(await readdir(run.runs)).toEqual(['0012-bootstrap-x']);
  }));

test(`keeps the last ${FINISHED_RUNS_KEPT} finished runs with their logs, and all that did not come to their end`, () =>
  inTemporaryDirectory(async (directory) => {
    const failing = everyHandler(() => Promise.reject(new Error('no')));
    const ids: string[] = [];
    for (let number = 1; number <= FINISHED_RUNS_KEPT + 4; number += 1) {
      const runId = `${String(number).padStart(4, '0')}-bootstrap-x`;
      ids.push(runId);
      const fails = number === 2;
      const run = await sampleRun(directory, { runId, ...(fails ? { handlers: failing } : {}) });
      await mkdir(run.logs, { recursive: true });
      for (const name of [`${runId}.log`, `${runId}.log.1`, `${runId}.log.mine`])
        await writeFile(join(run.logs, name), '');
      await writeFile(join(run.logs, 'salt.log'), '');
      const ended = runPlan(samplePlan(), run);
      await (fails ? expect(ended).rejects.toThrow() : ended);
    }
    const kept = (await listRuns(join(directory, 'runs'))).map(({ id }) => id);
    expect(kept).toEqual([ids[1], ...ids.slice(-FINISHED_RUNS_KEPT)]);
    const logs = [
      ...kept.flatMap((id) => [`${id}.log`, `${id}.log.1`]),
      ...ids.map((id) => `${id}.log.mine`),
      'salt.log',
    ];
    expect((await readdir(join(directory, 'logs'))).sort()).toEqual(logs.sort());
  }));

test('numbers grow whatever the clock says, and an unfinished run goes on under its own', () => {
  const now = new Date('2026-11-21T18:43:00.123Z');
  const last = { id: '0041-bootstrap-20990101T000000Z', command: 'bootstrap', state: 'finished' } as RunRecord;
  expect(nextRunId(undefined, 'bootstrap', now)).toBe('0001-bootstrap-20261121T184300Z');
  expect(nextRunId(last, 'bootstrap', now)).toBe('0042-bootstrap-20261121T184300Z');
  expect(nextRunId({ ...last, state: 'unfinished' }, 'bootstrap', now)).toBe(last.id);
  expect(nextRunId({ ...last, state: 'unfinished' }, 'reset', now)).toBe('0042-reset-20261121T184300Z');
});

test('runs are in the order of their numbers', () =>
  inTemporaryDirectory(async (directory) => {
    for (const id of ['9999-bootstrap-x', '10000-bootstrap-x', '0003-bootstrap-x']) {
      await beginRun({ runs: directory, logs: directory }, { id, plan: samplePlan(), inputs: null, now: new Date(0) });
    }
    expect((await listRuns(directory)).map(({ id }) => id)).toEqual([
      '0003-bootstrap-x',
      '9999-bootstrap-x',
      '10000-bootstrap-x',
    ]);
  }));

test('a full disk leaves no run behind, and nothing of what was begun', () =>
  inTemporaryDirectory(async (directory) => {
    const program = join(import.meta.dirname, 'fixtures/begin-run.ts');
    const { stdout } = await execa('prlimit', ['--fsize=500', process.execPath, program, directory, RUN]);
    expect(stdout).toBe(`STEP_FAILED: ${join(directory, 'runs', RUN)}: EFBIG`);
    expect(await readdir(join(directory, 'runs'))).toEqual([]);
  }));
