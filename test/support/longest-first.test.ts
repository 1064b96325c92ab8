import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { TestSpecification, Vitest } from 'vitest/node';
import { LONGEST, LongestFirst } from './longest-first.ts';

const root = process.cwd();

/** What the order looks at; of no file is known how long it took. */
function specification(file: string): TestSpecification {
  const config = { root, isolate: true, sequence: { groupOrder: 0 } };
  return { moduleId: `${root}/${file}`, project: { name: 'e2e', config } } as unknown as TestSpecification;
}

test('the longest files come first, whatever their size', async () => {
  const files = ['test/e2e/preflight.test.ts', ...LONGEST, 'test/e2e/packages.test.ts'];
  const sequencer = new LongestFirst({ cache: { getTestSpecificationResult: () => undefined } } as unknown as Vitest);
  const sorted = await sequencer.sort(files.map(specification));
  expect(sorted.map(({ moduleId }) => moduleId.slice(root.length + 1)).slice(0, LONGEST.length)).toEqual(LONGEST);
  expect(sorted).toHaveLength(files.length);
});

test('they are there', () => {
  expect(LONGEST.filter((file) => !existsSync(file))).toEqual([]);
});
