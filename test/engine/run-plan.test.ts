import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lastRun } from '../../src/engine/run-folders.ts';
import { runPlan } from '../../src/engine/run-plan.ts';
import { MetalK8sError } from '../../src/errors/metalk8s-error.ts';
import { everyHandler, lineHandler, linesOf, samplePlan, sampleRun } from '../support/engine/sample-run.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

const RUN = '0001-bootstrap-20261121T184300Z';

test('does all steps in order, tells them, and keeps plan, inputs and journal for root alone', () =>
  inTemporaryDirectory(async (directory) => {
    const run = await sampleRun(directory);
    const plan = samplePlan();
    expect(await runPlan(plan, run)).toEqual({ runId: RUN, changed: 3, alreadySo: 0 });
    expect(await linesOf(directory)).toEqual(['start-one', 'start-two', 'start-three']);
    expect(run.events[0]).toMatchObject({
      type: 'steps-planned',
      steps: [{ id: 'start-one', host: 'node-1' }, {}, {}],
    });
    expect(run.events.slice(1, 3)).toMatchObject([
      { type: 'step-started', step: { id: 'start-one', title: 'Start one', host: 'node-1' } },
      { type: 'step-done', changed: true },
    ]);
    const folder = join(run.runs, RUN);
    expect((await readdir(run.runs)).sort()).toEqual([RUN]);
    expect((await readdir(folder)).sort()).toEqual(['inputs.json', 'journal.ndjson', 'plan.json']);
    for (const name of ['', 'inputs.json', 'journal.ndjson', 'plan.json']) {
      expect((await stat(join(folder, name))).mode & 0o077, name).toBe(0);
    }
    expect(JSON.parse(await readFile(join(folder, 'plan.json'), 'utf8'))).toEqual(plan);
    expect(await lastRun(run.runs)).toEqual({
      id: RUN,
      command: 'bootstrap',
      version: '136.0.0',
      state: 'finished',
      outcome: 'done',
      planDigest: plan.digest,
      inputs: { version: '136.0.0' },
      started: '2026-01-01T00:00:00.000Z',
      ended: expect.any(String),
      step: { host: 'node-1', id: 'start-three' },
      stepsDone: 3,
    });
  }));

test('a second run goes through all steps again and changes nothing', () =>
  inTemporaryDirectory(async (directory) => {
    await runPlan(samplePlan(), await sampleRun(directory));
    const second = await sampleRun(directory, { runId: '0002-bootstrap-20261121T184300Z' });
    expect(await runPlan(samplePlan(), second)).toMatchObject({ changed: 0, alreadySo: 3 });
    const done = second.events.filter(({ type }) => type === 'step-done');
    expect(done).toMatchObject([{ changed: false }, { changed: false }, { changed: false }]);
  }));

test('what there is to be done at the end is done before the run is told to be done, and where it fails it is not', () =>
  inTemporaryDirectory(async (directory) => {
    const run = await sampleRun(directory);
    const journal = async () => (await readFile(join(run.runs, RUN, 'journal.ndjson'), 'utf8')).trimEnd().split('\n');
    const seen: string[] = [];
    const finish = async () => {
      seen.push(...(await journal()));
      throw new Error('the disk is gone');
    };
    await expect(runPlan(samplePlan(), { ...run, finish })).rejects.toThrow('the disk is gone');
    expect(JSON.parse(seen.at(-1) ?? '')).toMatchObject({ what: 'step-done', step: 'start-three' });
    expect(JSON.parse((await journal()).at(-1) ?? '')).toMatchObject({ what: 'run-ended', outcome: 'failed' });
  }));

test('intent is in the journal before the effect, the outcome after it', () =>
  inTemporaryDirectory(async (directory) => {
    const seen: unknown[] = [];
    const run = await sampleRun(directory);
    const handlers = everyHandler(async (step, context) => {
      seen.push((await readFile(join(run.runs, RUN, 'journal.ndjson'), 'utf8')).trimEnd().split('\n').at(-1));
      return lineHandler(directory)(step, context);
    });
    await runPlan(samplePlan(['one', 'two']), { ...run, handlers });
    expect(seen.map((line) => JSON.parse(String(line)))).toMatchObject([
      { what: 'step-begun', host: 'node-1', step: 'start-one' },
      { what: 'step-begun', host: 'node-1', step: 'start-two' },
    ]);
  }));

test('a step that fails is named with host, run and journal; its code, hint and cause stay; nothing follows', () =>
  inTemporaryDirectory(async (directory) => {
    const failing = everyHandler(async (step, context) => {
      if (step.id !== 'start-two') return lineHandler(directory)(step, context);
      const cause = new Error('exit status 1');
      throw new MetalK8sError('VERIFICATION_FAILED', 'the package is not what was signed', {
        where: '/srv/x.rpm',
        hint: 'Bring another medium.',
        cause,
      });
    });
    const run = await sampleRun(directory, { handlers: failing });
    await expect(runPlan(samplePlan(), run)).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      message: 'Start two: the package is not what was signed',
      where: `/srv/x.rpm\nnode-1, step start-two of run ${RUN}, journal ${join(run.runs, RUN, 'journal.ndjson')}`,
      hint: 'Bring another medium.',
      cause: { message: 'exit status 1' },
    });
    expect(await linesOf(directory)).toEqual(['start-one']);
    expect(run.events.at(-1)).toMatchObject({ type: 'step-failed', step: { id: 'start-two' } });
    const record = await lastRun(run.runs);
    expect(record).toMatchObject({ state: 'unfinished', outcome: 'failed', step: { id: 'start-two' }, stepsDone: 1 });
    // No words of an error, which may hold anything.
    expect(await readFile(join(run.runs, RUN, 'journal.ndjson'), 'utf8')).not.toContain('signed');
    expect(await runPlan(samplePlan(), await sampleRun(directory))).toMatchObject({ changed: 2, alreadySo: 1 });
    expect(await lastRun(run.runs)).toMatchObject({ id: RUN, state: 'finished', outcome: 'done', stepsDone: 3 });
  }));

test('what is prepared before the first step belongs to a run that has begun', () =>
  inTemporaryDirectory(async (directory) => {
    const prepare = async () => {
      expect(await lastRun(run.runs)).toMatchObject({ id: RUN, state: 'unfinished', step: null });
      throw new MetalK8sError('STEP_FAILED', 'no room');
    };
    const run = await sampleRun(directory, { prepare });
    await expect(runPlan(samplePlan(), run)).rejects.toMatchObject({ message: 'no room' });
    expect(await linesOf(directory)).toEqual([]);
    expect(await lastRun(run.runs)).toMatchObject({ state: 'unfinished', outcome: 'failed' });
  }));

test('what is no error of ours is a defect, with its own error as the cause', () =>
  inTemporaryDirectory(async (directory) => {
    const defect = new TypeError('x is undefined');
    const run = await sampleRun(directory, { handlers: everyHandler(() => Promise.reject(defect)) });
    await expect(runPlan(samplePlan(), run)).rejects.toMatchObject({ code: 'INTERNAL', cause: defect });
  }));

test('stops between steps, and within one that ends with the reason', () =>
  inTemporaryDirectory(async (directory) => {
    for (const wanted of [['start-one'], []]) {
      const stop = new AbortController();
      const reason = new MetalK8sError('INTERRUPTED', 'stopped by SIGINT');
      const handlers = everyHandler(async (step, context) => {
        stop.abort(reason);
        if (wanted.length === 0) throw context.stop.reason;
        return lineHandler(directory)(step, context);
      });
      const run = await sampleRun(directory, { handlers, stop: stop.signal });
      await expect(runPlan(samplePlan(), run)).rejects.toBe(reason);
      expect(await linesOf(directory)).toEqual(['start-one']);
      expect(await lastRun(run.runs)).toMatchObject({ state: 'unfinished', outcome: 'interrupted' });
    }
  }));

test('the lease is looked at before each step and given back at the end, also after a failure', () =>
  inTemporaryDirectory(async (directory) => {
    const told: string[] = [];
    const lease = {
      hold: async () => {
        told.push('hold');
        if (told.length === 3) throw new MetalK8sError('LOCKED', 'node-2 is at work on this cluster');
      },
      release: async () => {
        told.push('release');
      },
    };
    const run = await sampleRun(directory, { lease });
    await expect(runPlan(samplePlan(), run)).rejects.toMatchObject({ code: 'LOCKED' });
    expect(told).toEqual(['hold', 'hold', 'hold', 'release']);
    expect(await linesOf(directory)).toEqual(['start-one', 'start-two']);
  }));

test('a run that cannot be carried on with leaves its journal closed', () =>
  inTemporaryDirectory(async (directory) => {
    await runPlan(samplePlan(), await sampleRun(directory));
    const clock = () => {
      throw new Error('there is no time');
    };
    await expect(runPlan(samplePlan(), await sampleRun(directory, { now: clock }))).rejects.toThrow('there is no time');
    const open = await Promise.all(
      (await readdir('/proc/self/fd')).map((name) => readlink(join('/proc/self/fd', name)).catch(() => '')),
    );
    expect(open.filter((path) => path.startsWith(directory))).toEqual([]);
  }));

test('a plan is for one host, and a run for one plan', () =>
  inTemporaryDirectory(async (directory) => {
    await runPlan(samplePlan(['one']), await sampleRun(directory));
    await expect(runPlan(samplePlan(['two']), await sampleRun(directory))).rejects.toThrow('begun with another plan');
    const other = { ...samplePlan(), steps: samplePlan().steps.map((step) => ({ ...step, host: 'node-2' })) };
    await expect(runPlan(other, await sampleRun(directory, { runId: '0002-bootstrap-x' }))).rejects.toMatchObject({
      code: 'DIFFERS',
      message: 'the plan is for the host node-2, and this one is called node-1',
      where: 'run 0002-bootstrap-x',
      hint: expect.stringContaining('hostnamectl hostname node-2'),
    });
    expect(await lastRun(join(directory, 'runs'))).toMatchObject({ id: RUN, state: 'finished' });
  }));
