import { expect, test } from 'vitest';
import { isRecentGo } from './toolchain.ts';

test.each([
  ['go1.26.0', true],
  ['go1.26', true],
  ['go1.26.8', true],
  ['go1.26.8-X:nocoverageredesign', true],
  ['go1.27rc1', true],
  ['go1.100.0', true],
  ['go2.0.0', true],
  ['go1.26rc2', false],
  ['go1.25.9', false],
  ['go1.19.8', false],
  ['go1.3', false],
  ['devel go1.27-abcdef', false],
  ['', false],
])('%s is recent enough: %s', (version, expected) => {
  expect(isRecentGo(version)).toBe(expected);
});
