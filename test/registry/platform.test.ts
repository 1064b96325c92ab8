import { expect, test } from 'vitest';
import { isFor, platformOf, platformStated } from '../../src/registry/platform.ts';

test.each<[string, string, boolean]>([
  ['linux/amd64', 'linux/amd64', true],
  ['linux/amd64', 'linux/amd64/v3', true],
  ['linux/amd64/v3', 'linux/amd64', false],
  ['linux/amd64', 'linux/arm64', false],
  ['linux/amd64', 'windows/amd64', false],
  ['linux/arm64', 'linux/arm64/v8', true],
  ['linux/arm64/v8', 'linux/arm64', true],
  ['linux/arm/v7', 'linux/arm/v6', false],
  ['linux/arm/v8', 'linux/arm', false],
])('who wants %s may have %s: %s', (wanted, platform, expected) => {
  expect(isFor(wanted, platform)).toBe(expected);
});

test.each<[unknown, string | undefined]>([
  [{ os: 'linux', architecture: 'amd64' }, 'linux/amd64'],
  [{ os: 'linux', architecture: 'arm', variant: 'v7' }, 'linux/arm/v7'],
  [{ os: 'linux', architecture: 'arm64', variant: '' }, 'linux/arm64'],
  [{ os: 'linux' }, undefined],
  [{ os: 'linux', architecture: '' }, undefined],
  [{ os: 'linux', architecture: 'amd64/../..' }, undefined],
  [{ os: 'linux', architecture: 'amd64', variant: 3 }, undefined],
  [null, undefined],
  ['linux/amd64', undefined],
])('%j is %s', (value, expected) => {
  expect(platformOf(value)).toBe(expected);
});

test('an entry that states a platform that is none is for no platform, which is not the same as stating nothing', () => {
  expect(platformStated({ platform: { os: 'linux', architecture: '\n' } })).toBe('unknown/unknown');
  expect(platformStated({ platform: null })).toBeUndefined();
  expect(platformStated({})).toBeUndefined();
});
