import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { builtIsoText } from '../../src/cli/build-iso-text.ts';

const KEY = 'D2A5B9B0C0DE5EED0123456789ABCDEF01234567';
const built = {
  outcome: 'written',
  output: '/home/ada/metalk8s-136.0.0.iso',
  size: 2 ** 30,
  sha256: 'ab'.repeat(32),
  version: '136.0.0',
  kubernetes: '1.36.3',
  components: ['core'],
  signingKey: KEY,
  images: 8,
  packages: 40,
  files: 2,
} as const;

test('the last words export the key under the name and in the form that the guides install it by', async () => {
  const words = builtIsoText(built);
  expect(words).toContain(`  gpg --export --armor ${KEY} > release.asc\n`);
  expect(words).toContain('  metalk8s verify metalk8s-136.0.0.iso --trusted-key release.asc\n');
  for (const page of ['README.md', 'docs/build-iso.md']) {
    const text = await readFile(join(import.meta.dirname, '../..', page), 'utf8');
    expect(text).toMatch(/^ *gpg --export --armor \S+ > release\.asc\b/m);
  }
});

test('what is not signed, or in parts, has none', () => {
  expect(builtIsoText({ ...built, signingKey: null })).not.toContain('gpg');
});
