import { expect, test } from 'vitest';
import { renderLicences } from '../../../src/disc/inventory/licences.ts';
import { inventory } from './sample.ts';

test('every package with its licence, and the texts of what the command line is made of', () => {
  const text = renderLicences(inventory);
  expect(text).toContain('\nkubelet-1.36.3-150500.1.1.x86_64: Apache-2.0\n');
  expect(text).toContain('\n@peculiar/x509 1.0.0: (MIT OR Apache-2.0)\nyaml 2.9.1: ISC\n');
  expect(text).toMatch(/\nyaml 2\.9\.1\n=+\n\nCopyright\nsomebody\n\nA notice\n$/);
  expect(text).not.toContain('\r');
});

test('a package of several platforms once; one without a licence by these words', () => {
  const [first] = inventory.packages;
  if (first === undefined) throw new Error('the sample has packages');
  const packages = [first, { ...first, platform: 'el8/x86_64' }, { ...first, name: 'bare', licence: '' }];
  const text = renderLicences({ ...inventory, packages });
  expect(text.match(/kubelet-1/g)).toHaveLength(1);
  expect(text).toContain('\nbare-1.36.3-150500.1.1.x86_64: its header says none\n');
});

test('nothing of what is not there', () => {
  const text = renderLicences({ ...inventory, packages: [], modules: [], files: [] });
  expect(text).not.toMatch(/RPM|npm|others/);
});
