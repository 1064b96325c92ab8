import { expect, test } from 'vitest';
import type { Catalogue } from '../../src/registry/catalogue.ts';
import { type Archive, mergeArchives } from '../../src/registry/merge-archives.ts';

const type = 'application/vnd.oci.image.manifest.v1+json';
const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`;

/** An archive with one repository; digests are told by a letter. */
function archive(
  name: string,
  tags: Readonly<Record<string, string>>,
  blobs: readonly string[] = [],
  mediaType = type,
): Archive {
  const manifests = [...new Set(Object.values(tags))].map((letter) => ({
    digest: digestOf(letter),
    mediaType,
    size: 1,
  }));
  const catalogue: Catalogue = {
    repositories: [
      {
        host: 'quay.io',
        name: 'a/b',
        tags: Object.entries(tags).map(([tag, letter]) => ({ tag, digest: digestOf(letter) })),
        manifests,
        blobs: blobs.map(digestOf),
      },
    ],
  };
  return { name, catalogue, blobs: `/${name}/blobs`, packages: `/${name}/packages` };
}

test('a digest from any archive, a tag from the newest that has it, differing tags as data', () => {
  const newest = archive('136.1.0', { v1: 'c', v3: 'd' }, ['1', '2']);
  const oldest = archive('136.0.0', { v1: 'a', v2: 'b', v3: 'd' }, ['2', '3']);
  const { repositories, differingTags } = mergeArchives([newest, oldest]);
  const [repository] = repositories;
  expect(repositories).toHaveLength(1);
  expect(Object.fromEntries(repository?.tags ?? [])).toEqual({
    v1: digestOf('c'),
    v2: digestOf('b'),
    v3: digestOf('d'),
  });
  const origin = (stored: ReadonlyMap<string, { archive: number }> = new Map()) =>
    Object.fromEntries([...stored].map(([digest, { archive }]) => [digest.at(-1), archive]));
  expect(origin(repository?.manifests)).toEqual({ c: 0, d: 0, a: 1, b: 1 });
  expect(origin(repository?.blobs)).toEqual({ 1: 0, 2: 0, 3: 1 });
  expect(differingTags).toEqual([
    {
      repository: 'quay.io/a/b',
      tag: 'v1',
      digests: [
        { archive: '136.1.0', digest: digestOf('c') },
        { archive: '136.0.0', digest: digestOf('a') },
      ],
    },
  ]);
});

test('the order in which archives come decides, whatever their names', () => {
  const archives = [archive('1', { v1: 'a' }), archive('2', { v1: 'b' })];
  expect(mergeArchives(archives).repositories[0]?.tags.get('v1')).toBe(digestOf('a'));
  expect(mergeArchives(archives.toReversed()).repositories[0]?.tags.get('v1')).toBe(digestOf('b'));
});

test('two archives that disagree about the type of a digest are refused', () => {
  const docker = 'application/vnd.docker.distribution.manifest.v2+json';
  const archives = [archive('new', { v1: 'a' }), archive('old', { v1: 'a' }, [], docker)];
  expect(() => mergeArchives(archives)).toThrow(`"old" has quay.io/a/b@${digestOf('a')} as ${docker}`);
});

test.each(['', '..', 'a/b', 'a b', '$x', '-x', 'x"', 'x\n'])('%j is no name for an archive', (name) => {
  expect(() => mergeArchives([archive(name, {})])).toThrow('is no name for an archive');
});

test('an archive given twice, and one that may not be served, are refused', () => {
  expect(() => mergeArchives([archive('136.0.0', {}), archive('136.0.0', {})])).toThrow('is the name of two archives');
  const bad = archive('136.0.0', { 'v1"': 'a' });
  expect(() => mergeArchives([bad])).toThrow(
    expect.objectContaining({ where: 'archive 136.0.0', code: 'RELEASE_INVALID' }),
  );
});
