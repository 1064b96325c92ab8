import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addCounts, countsFromReport } from '../../scripts/test-counts.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

test.each([
  ['all passed', { numPassedTests: 3, numTotalTests: 3 }, true, { passed: 3, failed: 0 }],
  ['one failed', { numPassedTests: 2, numTotalTests: 3 }, false, { passed: 2, failed: 1 }],
  ['one was skipped', { numPassedTests: 2, numTotalTests: 3 }, true, { passed: 2, failed: 1 }],
  ['an error outside of any test', { numPassedTests: 3, numTotalTests: 3 }, false, { passed: 3, failed: 1 }],
  ['no report', undefined, true, { passed: 0, failed: 1 }],
])('%s', async (_title, report, endedWell, expected) => {
  await inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'report.json');
    if (report !== undefined) await writeFile(path, JSON.stringify(report));
    expect(await countsFromReport(path, endedWell)).toEqual(expected);
  });
});

test('a report that is cut off', async () => {
  await inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'report.json');
    await writeFile(path, '{"numPassedTests":3,"numTot');
    expect(await countsFromReport(path, false)).toEqual({ passed: 0, failed: 1 });
  });
});

test('counts of stages add up', () => {
  expect(addCounts({ passed: 1, failed: 2 }, { passed: 10, failed: 20 })).toEqual({ passed: 11, failed: 22 });
});
