import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ProgressEvent } from '../../src/events/event.ts';
import { logOfPlan } from '../../src/progress/log-of-plan.ts';
import { at, local, onNode1, started } from '../support/events.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

const planned: ProgressEvent = { type: 'steps-planned', steps: [onNode1] };

function setUp(path: string) {
  const problems: string[] = [];
  let opened = 0;
  const onOpen = () => {
    opened += 1;
  };
  const listener = logOfPlan({ path, format: 'text', onProblem: (problem) => problems.push(problem), onOpen });
  const tell = (...events: readonly ProgressEvent[]) => events.map((event) => listener.on(at(event)));
  return { listener, tell, problems, opened: () => opened };
}

test('a run that is refused leaves no log', async () => {
  await inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'logs/run.log');
    const { listener, tell, opened } = setUp(path);
    tell(started, { type: 'step-started', step: local });
    await listener.close();
    expect(opened()).toBe(0);
    await expect(stat(join(directory, 'logs'))).rejects.toThrow('ENOENT');
  });
});

test('once steps are planned, the log has everything, from the beginning', async () => {
  await inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'logs/run.log');
    const { listener, tell, opened } = setUp(path);
    tell(started, { type: 'step-progress', step: local, done: 1, total: 2, unit: 'bytes' }, planned);
    tell({ type: 'step-started', step: onNode1 });
    await listener.close();
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => line.slice('2026-01-02T03:04:05.678Z '.length))).toEqual([
      'bootstrap: 2 steps on 1 host',
      'planned: 1 step on 1 host',
      '[node-1] Install packages',
    ]);
    expect(opened()).toBe(1);
  });
});

test('a place that cannot be written to is told, and stops nothing', async () => {
  await inTemporaryDirectory(async (directory) => {
    await writeFile(join(directory, 'logs'), 'a file');
    const { listener, tell, problems, opened } = setUp(join(directory, 'logs/run.log'));
    tell(started, planned, { type: 'step-started', step: onNode1 });
    await listener.close();
    expect(problems).toEqual([expect.stringContaining(`no log is kept in ${directory}/logs/run.log`)]);
    expect(opened()).toBe(0);
  });
});
