import { expect, test } from 'vitest';
import { compareVersions, isVersion, parseArchiveHead } from '../../src/disc/parse-archive-head.ts';

const head = {
  apiVersion: 'metalk8s.scality.com/v1alpha1',
  kind: 'Archive',
  version: '136.0.0',
  kubernetes: '1.36.3',
  date: '2026-01-02T00:00:00Z',
  signingKey: 'A'.repeat(40),
};

test('reads which release it is, and leaves the rest alone', () => {
  const { apiVersion, kind, ...expected } = head;
  expect(parseArchiveHead(JSON.stringify({ ...head, lock: 1 }), 'release.json')).toEqual(expected);
  expect(parseArchiveHead(JSON.stringify({ ...head, signingKey: null }), 'x').signingKey).toBeNull();
  expect(parseArchiveHead(JSON.stringify({ ...head, date: '2026-01-02T00:00:00.000Z' }), 'x')).toBeDefined();
});

test.each([
  ['', 'it is no JSON object'],
  ['null', 'it is no JSON object'],
  ['"a"', 'it is no JSON object'],
  ['{}', 'apiVersion is undefined'],
  ['[]', 'apiVersion is undefined'],
  [JSON.stringify({ ...head, apiVersion: 'v2' }), 'apiVersion is "v2", which cannot be'],
  [JSON.stringify({ ...head, kind: 'Release' }), 'kind is "Release"'],
  [JSON.stringify({ ...head, version: 136 }), 'version is 136'],
  [JSON.stringify({ ...head, version: '136.0' }), 'version is "136.0"'],
  [JSON.stringify({ ...head, kubernetes: 'v1.36.3' }), 'kubernetes is "v1.36.3"'],
  [JSON.stringify({ ...head, date: 'today' }), 'date is "today"'],
  [JSON.stringify({ ...head, date: '2026-13-02T00:00:00Z' }), 'date is "2026-13-02T00:00:00Z"'],
  [JSON.stringify({ ...head, signingKey: 'abc' }), 'signingKey is "abc"'],
  [JSON.stringify({ ...head, signingKey: undefined }), 'signingKey is undefined'],
])('%s is refused', (text, message) => {
  expect(() => parseArchiveHead(text, '/mnt: release.json')).toThrow(message);
  expect(() => parseArchiveHead(text, '/mnt: release.json')).toThrow(
    expect.objectContaining({ code: 'VERIFICATION_FAILED', where: '/mnt: release.json' }),
  );
});

test.each([
  ['136.0.0', '136.0.0', 0],
  ['136.0.0', '136.0.1', -1],
  ['136.0.10', '136.0.9', 1],
  ['99.9.9', '136.0.0', -1],
  ['136.1.0', '136.0.99', 1],
])('%s against %s: %i', (left, right, order) => {
  expect(Math.sign(compareVersions(left, right))).toBe(order);
});

test.each(['', '136', '136.0', '136.0.0.0', 'v136.0.0', '136.0.0-rc1', '136.00.0', '136.0.0\n', '-1.0.0'])(
  '%j is no version',
  (text) => expect(isVersion(text)).toBe(false),
);
