import { expect, test } from 'vitest';
import type { Catalogue, Manifest, Repository } from '../../src/registry/catalogue.ts';
import { checkCatalogue } from '../../src/registry/check-catalogue.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const other = `sha256:${'b'.repeat(64)}`;
const manifest: Manifest = { digest, mediaType: 'application/vnd.oci.image.manifest.v1+json', size: 10 };
const repository: Repository = {
  host: 'quay.io',
  name: 'calico/node',
  tags: [{ tag: 'v3.28.5', digest }],
  manifests: [manifest],
  blobs: [other],
};

test('a catalogue that may be served comes back as it is', () => {
  const catalogue = {
    repositories: [repository, { ...repository, name: 'calico/cni', tags: [], manifests: [], blobs: [] }],
  };
  expect(checkCatalogue(catalogue, 'here')).toBe(catalogue);
});

const cases: readonly [string, Partial<Repository>, string][] = [
  ['a host with a quote', { host: 'quay.io"' }, String.raw`"quay.io\"" is no registry host`],
  ['a host that climbs', { host: '..' }, '".." is no registry host'],
  ['a host with a path', { host: 'quay.io/x' }, 'is no registry host'],
  ['a name with a variable', { name: 'calico/$uri' }, '"calico/$uri" is no repository name'],
  ['a name with a capital letter', { name: 'Calico' }, '"Calico" is no repository name'],
  ['a name that ends with a line feed', { name: 'calico\n' }, '"calico\\n" is no repository name'],
  ['a name that is a pattern', { name: '~.*' }, 'is no repository name'],
  ['an empty name', { name: '' }, '"" is no repository name'],
  ['a tag that ends the word', { tags: [{ tag: 'v1";}', digest }] }, String.raw`"v1\";}" is no tag`],
  ['a tag with a line feed', { tags: [{ tag: 'v1\n', digest }] }, '"v1\\n" is no tag'],
  ['a tag that climbs', { tags: [{ tag: '..', digest }] }, '".." is no tag'],
  [
    'a tag twice',
    {
      tags: [
        { tag: 'v1', digest },
        { tag: 'v1', digest },
      ],
    },
    'tag "v1" is there twice',
  ],
  ['a tag of nothing', { tags: [{ tag: 'v1', digest: other }] }, 'its manifest "sha256:bbb'],
  ['a manifest twice', { manifests: [manifest, manifest] }, 'is there twice'],
  [
    'a digest in capitals',
    { manifests: [manifest, { ...manifest, digest: digest.toUpperCase() }] },
    'this is no sha256 digest',
  ],
  ['a digest that is a path', { blobs: ['sha256:../../etc/shadow'] }, 'is no digest of a blob'],
  ['a blob twice', { blobs: [other, other] }, 'is there twice'],
  [
    'a media type of our own making',
    { manifests: [{ ...manifest, mediaType: 'toString' }] },
    '"toString" is no media type of a manifest',
  ],
  ['a size that is none', { manifests: [{ ...manifest, size: Number.NaN }] }, 'is no size'],
  ['a manifest too large', { manifests: [{ ...manifest, size: 5_000_000 }] }, '5000000 bytes are more than'],
  ['a subject that is no digest', { manifests: [{ ...manifest, subject: 'x' }] }, 'its subject "x"'],
  ['an artifact type that is none', { manifests: [{ ...manifest, artifactType: 'x' }] }, 'its artifact type "x"'],
  [
    'an annotation that is no text',
    { manifests: [{ ...manifest, annotations: { a: 1 as unknown as string } }] },
    'its annotation "a"',
  ],
  ['a child that is not there', { manifests: [{ ...manifest, children: [other] }] }, 'its child "sha256:bbb'],
];
test.each(cases)('%s is refused', (_, change, message) => {
  expect(() => checkCatalogue({ repositories: [{ ...repository, ...change }] }, 'archive 136.0.0')).toThrow(message);
});

test('a repository twice is refused', () => {
  expect(() => checkCatalogue({ repositories: [repository, repository] }, 'here')).toThrow(
    'repository "quay.io/calico/node" is there twice',
  );
});

test('all problems are told at once, long names cut, and no more than ten', () => {
  const bad = Array.from(
    { length: 15 },
    (_, index): Repository => ({ ...repository, name: `${'X'.repeat(500)}${index}` }),
  );
  const catalogue: Catalogue = { repositories: bad };
  const error = thrown(() => checkCatalogue(catalogue, 'archive 136.0.0'));
  expect(error).toMatchObject({ code: 'RELEASE_INVALID', where: 'archive 136.0.0' });
  expect(error.message.split('\n')).toHaveLength(12);
  expect(error.message).toMatch(/and \d+ more$/);
  expect(error.message.length).toBeLessThan(3000);
});

function thrown(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}
