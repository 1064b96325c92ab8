import { expect, test } from 'vitest';
import { headerFormat, readHeaders } from '../../src/packages/read-headers.ts';

const SIGNED = 'RSA/SHA256, Wed Jan  1 00:00:00 2025, Key ID 3ba66961d002e795';
const line = (changes: Record<number, string> = {}) => {
  const values = [
    ...['kubelet', '0', '1.36.3', '1', 'x86_64', 'Apache-2.0', 'kubelet-1.36.3-1.src.rpm', '(none)'],
    ...['https://kubernetes.io', '1735689600', SIGNED, '(none)', '(none)', '(none)'],
  ];
  return `${values.map((value, index) => changes[index] ?? value).join('\t')}\n`;
};

test('a line of rpm becomes a header', () => {
  expect(readHeaders(line(), 1)).toEqual([
    {
      name: 'kubelet',
      epoch: '0',
      version: '1.36.3',
      release: '1',
      arch: 'x86_64',
      licence: 'Apache-2.0',
      sourceRpm: 'kubelet-1.36.3-1.src.rpm',
      vendor: '',
      url: 'https://kubernetes.io',
      buildTime: 1735689600,
      signed: true,
    },
  ]);
});

test('any of the four kinds of signature is one', () => {
  for (const place of [10, 11, 12, 13]) {
    const none = Object.fromEntries([10, 11, 12, 13].map((each) => [each, '(none)']));
    expect(readHeaders(line(none), 1)?.[0]?.signed).toBe(false);
    expect(readHeaders(line({ ...none, [place]: SIGNED }), 1)?.[0]?.signed).toBe(true);
  }
});

test('the format asks for one value for each tab', () => {
  expect(headerFormat.split('\\t')).toHaveLength(line().split('\t').length);
  expect(headerFormat.endsWith('\\n')).toBe(true);
});

test.each([
  ['a tab in a value', line({ 5: 'MIT\tBSD' }), 1],
  ['a line break in a value', line({ 5: 'MIT\nBSD' }), 1],
  ['a whole line in a value', line({ 5: `MIT\n${line().trimEnd()}` }), 1],
  ['a line too few', line(), 2],
  ['a name that cannot be', line({ 0: '../x' }), 1],
  ['nothing', '', 1],
])('refused: %s', (_, text, files) => {
  expect(readHeaders(text, files)).toBeUndefined();
});
