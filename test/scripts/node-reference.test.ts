import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeReference, nodeReferencePath } from '../../scripts/node-reference.ts';

test('the reference of nodes is what the code says; `node scripts/node-reference.ts` makes it again', async () => {
  const written = await readFile(join(import.meta.dirname, '../..', nodeReferencePath), 'utf8');
  expect(written).toBe(nodeReference());
});
