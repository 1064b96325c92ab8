import { describe, expect, test } from 'vitest';
import { readResolution } from '../../src/packages/read-resolution.ts';

const kubelet = {
  name: 'kubelet',
  epoch: '0',
  version: '1.36.3',
  release: '1',
  arch: 'x86_64',
  repository: 'kubernetes',
  url: 'https://pkgs.example.com/kubelet.rpm',
  size: 18,
  checksum: `sha256:${'a'.repeat(64)}`,
  neededBy: ['z', 'a'],
};
const nothing = { unmatched: [], problems: [], packages: [], replaced: [], gone: [] };
const read = (answer: object) => readResolution(JSON.stringify({ ...nothing, ...answer }), 'el9/x86_64');

test('packages come sorted, with their checksum and those that need them', () => {
  const { packages } = read({ packages: [kubelet, { ...kubelet, name: 'crictl' }] });
  expect(packages.map(({ name }) => name)).toEqual(['crictl', 'kubelet']);
  expect(packages[1]).toEqual({
    name: 'kubelet',
    epoch: '0',
    version: '1.36.3',
    release: '1',
    arch: 'x86_64',
    repository: 'kubernetes',
    url: 'https://pkgs.example.com/kubelet.rpm',
    size: 18,
    sha256: 'a'.repeat(64),
    neededBy: ['a', 'z'],
  });
});

test('reasons, replaced packages and those that are gone are handed on', () => {
  const { name, epoch, version, release, arch } = kubelet;
  const expected = { name, epoch, version, release, arch };
  const answer = { unmatched: ['x'], problems: ['p'], replaced: ['r'], gone: [{ expected, found: ['kubelet-2'] }] };
  expect(read(answer)).toEqual({ ...nothing, ...answer });
});

test('an answer that says nothing is that nothing is to be installed', () => {
  expect(readResolution('{}', 'el9/x86_64')).toEqual(nothing);
});

describe('metadata that cannot be', () => {
  test.each([
    ['a name with a slash', { name: '../../etc/passwd' }],
    ['an option for a name', { name: '--installroot=/' }],
    ['no version', { version: undefined }],
    ['no size', { size: 0 }],
    ['a size that is no number', { size: '18' }],
    ['no address', { url: null }],
    ['no repository', { repository: 7 }],
  ])('%s', (_, part) => {
    expect(() => read({ packages: [{ ...kubelet, ...part }] })).toThrow(
      'A repository of el9/x86_64 describes a package that cannot be',
    );
  });

  test.each(['sha1:0123', 'sha256:abc', 'md5:x', ''])('a checksum %j', (checksum) => {
    expect(() => read({ packages: [{ ...kubelet, checksum }] })).toThrow(
      'The metadata of kubernetes name no SHA-256 of kubelet',
    );
  });
});
