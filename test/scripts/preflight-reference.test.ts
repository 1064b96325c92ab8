import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { preflightReference, preflightReferencePath } from '../../scripts/preflight-reference.ts';
import { allChecks, checkNames } from '../../src/preflight/all-checks.ts';
import { provokedChecks } from '../support/preflight/provoked-faults.ts';
import { unprovoked } from '../support/preflight/unprovoked.ts';

test('the reference of preflight is what the code says; `node scripts/preflight-reference.ts` makes it again', async () => {
  const written = await readFile(join(import.meta.dirname, '../..', preflightReferencePath), 'utf8');
  expect(written).toBe(preflightReference());
});

test.each([preflightReferencePath, 'docs/bootstrap.md'])(
  'what %s ignores are errors that may be ignored',
  async (path) => {
    const text = await readFile(join(import.meta.dirname, '../..', path), 'utf8');
    const named = [...text.matchAll(/--ignore-preflight-errors ([a-z][a-z,-]+)/g)].flatMap(([, names = '']) =>
      names.split(','),
    );
    const ignorable = allChecks.filter((each) => each.severity === 'error' && each.cannotBeIgnored === undefined);
    expect(named.length).toBeGreaterThan(0);
    expect(ignorable.map(({ name }) => name)).toEqual(expect.arrayContaining(named));
  },
);

test('at least 25 checks are made to fail on a real host, and none that there is not', () => {
  expect(checkNames).toEqual(expect.arrayContaining([...provokedChecks.keys()]));
  expect(provokedChecks.size).toBeGreaterThanOrEqual(25);
});

test('of every other check there is a word on why it is not', () => {
  expect(Object.keys(unprovoked).sort()).toEqual(checkNames.filter((name) => !provokedChecks.has(name)).sort());
});
