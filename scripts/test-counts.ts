import { readFile } from 'node:fs/promises';

/** How many tests of a stage, or of all stages, passed and failed. A skipped test counts as failed: nothing here may be skipped. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
}

export const none: TestCounts = { passed: 0, failed: 0 };

/** A stage that is one test by itself and failed. */
export const failed: TestCounts = { passed: 0, failed: 1 };

export function addCounts(left: TestCounts, right: TestCounts): TestCounts {
  return { passed: left.passed + right.passed, failed: left.failed + right.failed };
}

interface Report {
  readonly numPassedTests: number;
  readonly numTotalTests: number;
}

/**
 * Reads the JSON report of a vitest run. A run that did not end well has at least one failure, also when its report is
 * missing, cut off (vitest was killed, the disk is full), or names none (an error outside of any test).
 */
export async function countsFromReport(path: string, endedWell: boolean): Promise<TestCounts> {
  const report = await readFile(path, 'utf8')
    .then((text) => JSON.parse(text) as Report)
    .catch(() => undefined);
  if (report === undefined) return failed;
  const notPassed = report.numTotalTests - report.numPassedTests;
  return { passed: report.numPassedTests, failed: endedWell ? notPassed : Math.max(1, notPassed) };
}
