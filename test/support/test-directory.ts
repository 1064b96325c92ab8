import { mkdtempSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';

/** A directory for all tests of a file, or of a `describe`: it goes when the last of them has ended. Call it at their top. */
export function directoryOfTests(): string {
  const directory = mkdtempSync(join(tmpdir(), 'mk8s-'));
  afterAll(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A directory for one test: it goes when that has ended. Call it in the test or in a `beforeEach`. */
export async function directoryOfTest(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'mk8s-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
