import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseSystemPackages } from '../../scripts/ensure-system-packages.mjs';

test('a line names a package and the program that shows it is there; comments and empty lines do not count', () => {
  const text = '# why\n\nrpm   rpmbuild   # builds\nlibc6-dev\n';
  expect(parseSystemPackages(text)).toEqual([
    { name: 'rpm', program: 'rpmbuild' },
    { name: 'libc6-dev', program: undefined },
  ]);
});

test('the committed list has each package once, under a name that Debian allows', async () => {
  const path = join(import.meta.dirname, '../../scripts/system-packages.txt');
  const names = parseSystemPackages(await readFile(path, 'utf8')).map(({ name }) => name);
  expect(names.length).toBeGreaterThan(10);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z0-9][a-z0-9+.-]+$/);
});
