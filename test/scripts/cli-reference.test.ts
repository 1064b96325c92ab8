import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cliReference, referencePath } from '../../scripts/cli-reference.ts';

test('the reference of the command line is what the program says; `node scripts/cli-reference.ts` makes it again', async () => {
  const written = await readFile(join(import.meta.dirname, '../..', referencePath), 'utf8');
  expect(written).toBe(await cliReference());
});
