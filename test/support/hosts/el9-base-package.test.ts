import { expect, test } from 'vitest';
import { BASE_CAPABILITIES } from '../release/rpms/base-capabilities.ts';
import { el9BaseSpec } from './el9-base-package.ts';
import { el9Capabilities } from './el9-capabilities.ts';

test('what the packages of the test release require of the system is provided', () => {
  const provided = new Set(el9Capabilities().map((capability) => capability.split(' ')[0]));
  expect(BASE_CAPABILITIES.filter((capability) => !provided.has(capability.split(' ')[0] ?? ''))).toEqual([]);
});

test('no capability is provided twice', () => {
  const capabilities = el9Capabilities();
  expect(capabilities.filter((capability, index) => capabilities.indexOf(capability) !== index)).toEqual([]);
});

test('the release version is provided in the way that dnf asks for it', () => {
  expect(el9Capabilities()).toContain('system-release(releasever) = 9');
});

test('the spec has a line for each capability and no files', () => {
  const spec = el9BaseSpec();
  expect(spec).toMatch(/^Name: el9-double-base$/m);
  expect(spec.match(/^Provides: /gm)).toHaveLength(el9Capabilities().length);
  expect(spec).toMatch(/%files\n$/);
});
