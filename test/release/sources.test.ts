import { describe, expect, test } from 'vitest';
import { type Mirrors, noMirrors } from '../../src/release/mirrors.ts';
import type { PackageRepository } from '../../src/release/release.ts';
import { fileSource, imageSource, repositorySource } from '../../src/release/sources.ts';

const mirrors: Mirrors = {
  registries: [
    { upstream: 'docker.io', registry: 'proxy.example.com/hub' },
    { upstream: 'docker.io/calico', layout: '/mnt/calico' },
    { upstream: 'quay.io', registry: '127.0.0.1:5000', insecure: true },
    { upstream: 'registry.k8s.io/pause', registry: 'proxy.example.com/stop', ca: '/etc/company.pem' },
  ],
  repositories: [
    { upstream: 'https://rpm.example.com/', url: 'http://proxy.example.com/rpm/' },
    { upstream: 'https://rpm.example.com/own/', directory: '/srv/own packages', signedByUs: true },
    {
      upstream: 'https://rpm.example.com/k8s/',
      directory: '/srv/k8s/',
      keys: [
        { fingerprint: 'B'.repeat(40), file: '/srv/key.asc' },
        { fingerprint: 'C'.repeat(40), url: 'https://proxy.example.com/key.asc' },
      ],
    },
  ],
  files: [
    { upstream: 'https://files.example.com/', url: 'https://proxy.example.com/files/' },
    { upstream: 'https://files.example.com/calico/', path: '/srv/calico' },
    { upstream: 'https://files.example.com/one.yaml', path: '/srv/other.yaml' },
    { upstream: 'https://keys.example.com/', path: '/srv/keys' },
  ],
};

describe('an image', () => {
  const cases: [reference: string, expected: ReturnType<typeof imageSource>][] = [
    ['docker.io/library/nginx:1.27', { kind: 'registry', reference: 'proxy.example.com/hub/library/nginx:1.27' }],
    [
      'docker.io/calico/node:v3.28.5',
      { kind: 'layout', directory: '/mnt/calico', reference: 'docker.io/calico/node:v3.28.5' },
    ],
    ['docker.io/calicoo/node:v1', { kind: 'registry', reference: 'proxy.example.com/hub/calicoo/node:v1' }],
    ['quay.io/a/b:1', { kind: 'registry', reference: '127.0.0.1:5000/a/b:1', insecure: true }],
    ['quay.io:8443/a/b:1', { kind: 'registry', reference: 'quay.io:8443/a/b:1' }],
    [
      'registry.k8s.io/pause:3.10.2',
      { kind: 'registry', reference: 'proxy.example.com/stop:3.10.2', ca: '/etc/company.pem' },
    ],
    ['registry.k8s.io/etcd:3.6.8-0', { kind: 'registry', reference: 'registry.k8s.io/etcd:3.6.8-0' }],
  ];
  test.each(cases)('%s', (reference, expected) => expect(imageSource(mirrors, reference)).toEqual(expected));

  test('comes from upstream without mirrors', () =>
    expect(imageSource(noMirrors, 'docker.io/a:1')).toEqual({ kind: 'registry', reference: 'docker.io/a:1' }));
});

describe('a repository', () => {
  const upstreamKey = { fingerprint: 'A'.repeat(40), url: 'https://keys.example.com/rpm/key.asc' };
  const repository = (url: string): PackageRepository => ({ id: 'a', url, keys: [upstreamKey], signedByUs: false });

  test('comes from upstream without mirrors', () =>
    expect(repositorySource(noMirrors, repository('https://rpm.example.com/x/'))).toEqual({
      url: 'https://rpm.example.com/x/',
      keys: [{ fingerprint: 'A'.repeat(40), location: { url: upstreamKey.url } }],
      signedByUs: false,
    }));

  test('keeps its keys behind a mirror; where they are fetched is a mirror of files', () =>
    expect(repositorySource(mirrors, repository('https://rpm.example.com/el9/x86_64/'))).toEqual({
      url: 'http://proxy.example.com/rpm/el9/x86_64/',
      keys: [{ fingerprint: 'A'.repeat(40), location: { file: '/srv/keys/rpm/key.asc' } }],
      signedByUs: false,
    }));

  test('is a directory, named by an address that escapes what addresses must escape', () =>
    expect(repositorySource(mirrors, repository('https://rpm.example.com/own/a%20b/'))).toMatchObject({
      url: 'file:///srv/own%20packages/a%20b/',
      signedByUs: true,
    }));

  test('has the keys of its mirror', () =>
    expect(repositorySource(mirrors, repository('https://rpm.example.com/k8s/'))).toEqual({
      url: 'file:///srv/k8s/',
      keys: [
        { fingerprint: 'B'.repeat(40), location: { file: '/srv/key.asc' } },
        { fingerprint: 'C'.repeat(40), location: { url: 'https://proxy.example.com/key.asc' } },
      ],
      signedByUs: false,
    }));
});

describe('a file', () => {
  const cases: [url: string, expected: ReturnType<typeof fileSource>][] = [
    ['https://files.example.com/a/b.yaml', { kind: 'url', url: 'https://proxy.example.com/files/a/b.yaml' }],
    ['https://files.example.com/calico/v3/crds.yaml', { kind: 'file', path: '/srv/calico/v3/crds.yaml' }],
    ['https://files.example.com/one.yaml', { kind: 'file', path: '/srv/other.yaml' }],
    ['https://files.example.com/one.yaml.txt', { kind: 'url', url: 'https://proxy.example.com/files/one.yaml.txt' }],
    ['https://elsewhere.example.com/one.yaml', { kind: 'url', url: 'https://elsewhere.example.com/one.yaml' }],
  ];
  test.each(cases)('%s', (url, expected) => expect(fileSource(mirrors, url)).toEqual(expected));

  test.each(['../key', '%2e%2e/key', 'a%2f..%2f..%2fkey', 'a%00', '%ff', 'a\\..\\b'])(
    'never leaves the folder that stands for upstream: %s',
    (rest) => expect(() => fileSource(mirrors, `https://files.example.com/calico/${rest}`)).toThrow('names no path'),
  );
});
