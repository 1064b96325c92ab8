import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formats } from '../../src/release/formats/formats.ts';

type Examples = { good: readonly string[]; bad: readonly string[] };

const badUrls = [
  '',
  'files.example.com/a',
  'ftp://files.example.com/a/',
  'https://user:hunter2@files.example.com/a/',
  'https://files.example.com/a/?x=1',
  'https://files.example.com/a/?',
  'https://files.example.com/a/#x',
  'https://files.example.com/a/#',
  'https://FILES.example.com/a/',
  'https://files.example.com:443/a/',
  'https://files.example.com/a/../b/',
  'https://files.example.com/a/./b/',
  'https://files.example.com/%2e%2e/b/',
  'https://files.example.com/a%2Fb/',
  'https://files.example.com/a%00b/',
  'https://files.example.com/%rocky/',
  'https://files.example.com/a%ffb/',
  'https://files.example.com/a%c2%85b/',
  'https://files.example.com/a b/',
  'https://files.example.com/a\\b/',
  'https://files.example.com/$basearch/',
  'https://files.example.com/a\nb/',
  `https://files.example.com/${'a'.repeat(2000)}/`,
];
const folders = [
  'https://pkgs.k8s.io/core:/stable:/v1.36/rpm/',
  'https://files.example.com:8443/',
  'https://10.0.0.1/a/',
];
const files = ['https://raw.githubusercontent.com/a/b/v1/c.yaml', 'https://files.example.com/a%2Bb/c~d'];
const open = ['http://proxy.example.com/a/b'];

const table: Record<string, Examples> = {
  'product-version': {
    good: ['136.0.0', '129.12.3'],
    bad: ['', '1.36.0', '236.0.0', '136.0', '136.0.0-rc1', 'v136.0.0', '136.0.0\n'],
  },
  'kubernetes-version': { good: ['1.36.3', '1.40.0'], bad: ['', 'v1.36.3', '1.36', '2.0.0', '1.36.3+k3s1', '1.36.3 '] },
  day: {
    good: ['2026-11-21', '2024-02-29', '2099-12-31'],
    bad: [
      '',
      '2026-02-29',
      '2026-13-01',
      '2026-00-10',
      '2026-04-31',
      '2026-01-00',
      '1999-12-31',
      '2026-1-1',
      '21.11.2026',
      '2026-11-21T00:00:00Z',
    ],
  },
  'image-platform': {
    good: ['linux/amd64', 'linux/arm/v7'],
    bad: ['', 'linux', 'linux/', 'Linux/amd64', 'linux/arm/v7/x'],
  },
  'package-platform': {
    good: ['el9/x86_64', 'el10/aarch64'],
    bad: ['', 'el9', 'el9-x86_64', 'el9/amd64', '../x86_64', 'el9/../x86_64'],
  },
  'release-version': { good: ['9', '10', '9.4'], bad: ['', '-9', '9/..', '$9', '9\n'] },
  'module-platform': { good: ['platform:el9'], bad: ['', 'el9', 'platform:', 'platform:el9\nx=1'] },
  'package-name': {
    good: ['kubelet', 'containerd.io', 'libstdc++', 'python3-libs', '_a'],
    bad: ['', '-y', '--x', 'a b', 'kube*', 'a/b', '@core', '/bin/sh', 'a\nb', 'a;b', 'é'],
  },
  'package-version': {
    good: ['1.36.3', '3008.3', '1.0~rc1', '2.0^git1', '11'],
    bad: ['', '1.0-1', '1:1.0', '-1', '1 0', '*', '~1'],
  },
  'package-epoch': { good: ['0', '12'], bad: ['', '-1', '1.0', 'a', '12345678901'] },
  'package-architecture': { good: ['x86_64', 'noarch'], bad: ['', 'X86', '-x', 'a b'] },
  'repository-id': {
    good: ['kubernetes', 'docker-ce', 'a.b_c'],
    bad: ['', 'A', '-a', 'a]', 'a b', 'a\n[b', '../a', 'main:'],
  },
  'component-name': { good: ['core', 'calico-2'], bad: ['', 'Core', '-a', 'a_b', 'a,b', '2a'] },
  'disc-path': {
    good: ['crds.yaml', 'calico/crds.yaml', 'a/b/c+d_e.tar.gz'],
    bad: [
      '',
      '/a',
      'a/',
      'a//b',
      '.',
      '..',
      '../a',
      'a/../b',
      'a/./b',
      '.hidden',
      '-a',
      'a/-b',
      'a b',
      'a\\b',
      'a\nb',
      'a:b',
      `${'a/'.repeat(120)}a`,
    ],
  },
  'local-path': {
    good: ['a', './a', '../a', '/a b/c', 'ä'],
    bad: ['', ' a', 'a ', 'a\nb', '~/a', '~root', 'file:///a', 'https://a/b', 'oci:layout://x'],
  },
  fingerprint: {
    good: ['0123456789ABCDEF0123456789ABCDEF01234567', '0123456789abcdef0123456789abcdef01234567'],
    bad: [
      '',
      '01234567',
      '0x0123456789ABCDEF0123456789ABCDEF01234567',
      '0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567',
      `${'0'.repeat(64)}`,
      'G'.repeat(40),
    ],
  },
  sha256: {
    good: ['0'.repeat(64)],
    bad: ['', '0'.repeat(63), 'A'.repeat(64), `sha256:${'0'.repeat(64)}`, `${'0'.repeat(64)}\n`],
  },
  'image-reference': {
    good: [
      'docker.io/library/nginx:1.27',
      'registry.example.com:5000/a/b:v1',
      'localhost/a:b',
      'registry.k8s.io/coredns/coredns:v1.14.2',
    ],
    bad: [
      '',
      'nginx',
      'nginx:1.27',
      'library/nginx:1.27',
      'docker.io/nginx',
      'registry.example.com:5000/a',
      'docker.io/Nginx:1',
      'docker.io/nginx:',
      'docker.io/nginx:1@sha256:0',
      `docker.io/nginx:1@sha256:${'0'.repeat(64)}`,
      `docker.io/nginx@sha256:${'0'.repeat(64)}`,
      'https://docker.io/nginx:1',
      'docker.io/a/../b:1',
      'docker.io/nginx:1\n',
      'docker.io//nginx:1',
      'user:hunter2@docker.io/nginx:1',
    ],
  },
  'registry-location': {
    good: [
      'docker.io',
      'docker.io/calico',
      'proxy.example.com:5000',
      'proxy.example.com:5000/a/b',
      'localhost:5000',
      '127.0.0.1:5000/x',
    ],
    bad: [
      '',
      'docker',
      'docker/calico',
      'https://docker.io',
      'docker.io/',
      'docker.io/A',
      'docker.io/a:1',
      'docker.io/a@sha256:0',
      'user:hunter2@docker.io',
      'docker.io/..',
      'docker.io\n',
      `docker.io/a@sha256:${'0'.repeat(64)}`,
    ],
  },
  digest: {
    good: [`sha256:${'0'.repeat(64)}`],
    bad: ['', '0'.repeat(64), `sha512:${'0'.repeat(128)}`, `sha256:${'A'.repeat(64)}`],
  },
  'media-type': {
    good: ['application/vnd.oci.image.index.v1+json'],
    bad: ['', 'json', 'a/b; c=d', 'a/b"\nx', 'a/b/c'],
  },
  'folder-url': { good: folders, bad: [...badUrls, ...files, ...open, 'http://files.example.com/'] },
  'file-url': { good: files, bad: [...badUrls, ...folders, ...open, 'https://files.example.com'] },
  'any-url': { good: [...folders, ...files], bad: [...badUrls, ...open] },
  'mirror-folder-url': { good: [...folders, 'http://proxy.example.com/rpm/'], bad: [...badUrls, ...files, ...open] },
  'mirror-file-url': { good: [...files, ...open], bad: [...badUrls, ...folders] },
  'mirror-any-url': { good: [...folders, ...files, ...open], bad: badUrls },
};

const cases = Object.entries(table);

it('has examples for every format', () =>
  expect(Object.keys(table).toSorted()).toEqual(Object.keys(formats).toSorted()));

describe.each(cases)('%s', { timeout: 60_000 }, (name, { good, bad }) => {
  const format = formats[name];
  if (format === undefined) throw new Error(`no format ${name}`);
  const pattern = new RegExp(format.pattern);

  it.each(good)('takes %j', (text) => {
    expect(format.check(text)).toBeUndefined();
    expect(text).toMatch(pattern);
  });

  it.each(bad)('refuses %j', (text) => {
    const message = format.check(text);
    expect(message).toMatch(/^[^\n]{8,}$/);
    expect(message).not.toContain('hunter2');
  });

  it('takes nothing that its pattern for editors refuses, and shows no control character', () => {
    const near = fc.oneof(fc.string({ unit: 'binary' }), ...[...good, ...bad].map(mutated));
    fc.assert(
      fc.property(near, (text) => {
        const message = format.check(text);
        return message === undefined ? pattern.test(text) : !/\p{Cc}/u.test(message);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what becomes part of a path, a command or a configuration', () => {
  const names = [
    'package-name',
    'package-version',
    'repository-id',
    'package-platform',
    'component-name',
    'disc-path',
    'release-version',
  ];

  it.each(names)('%s begins no option and ends no line', (name) => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), ...(table[name]?.good ?? []).map(mutated)), (text) => {
        if (formats[name]?.check(text) !== undefined) return true;
        return !/^-|[\s"'`$;&|<>(){}[\]*?!\\\p{Cc}]|(^|\/)\.\.?(\/|$)/u.test(text);
      }),
      { numRuns: 500 },
    );
  });
});

/** The text with a character put in, or a part left out. */
function mutated(text: string): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.nat(text.length),
      fc.nat(3),
      fc.constantFrom('', '.', '..', '/', ':', '@', '-', '0', 'A', ' ', '\n', '\r\n', '\u0000', 'é', '%', '$', '\\'),
    )
    .map(([at, length, put]) => text.slice(0, at) + put + text.slice(at + length));
}
