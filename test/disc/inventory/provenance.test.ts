import { expect, test } from 'vitest';
import { type BuildProvenance, renderProvenance } from '../../../src/disc/inventory/provenance.ts';
import { inventory, sum } from './sample.ts';

const build: BuildProvenance = {
  inventory,
  release: { imagePlatforms: ['linux/amd64'], packagePlatforms: [] },
  files: [
    { path: 'release.json', sha256: sum('7') },
    { path: 'docs/a.md', sha256: sum('8') },
  ],
  builder: '136.0.0',
  tools: { createrepo_c: '0.17.3', gpg: '2.2.40', nginx: '1.22.1', skopeo: undefined },
};

function statementOf(input: BuildProvenance) {
  return JSON.parse(String(Buffer.from(renderProvenance(input))));
}

test('a statement about every file, in order', () => {
  expect(statementOf(build)).toMatchObject({
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: 'https://slsa.dev/provenance/v1',
    subject: [
      { name: 'docs/a.md', digest: { sha256: sum('8') } },
      { name: 'release.json', digest: { sha256: sum('7') } },
    ],
  });
});

test('every input by its digest as upstream has it', () => {
  const { resolvedDependencies } = statementOf(build).predicate.buildDefinition;
  const digests = resolvedDependencies.map(({ digest }: { digest: object }) => Object.entries(digest)[0]);
  expect(digests).toEqual([
    ['sha256', sum('a')],
    ['sha256', sum('b')],
    ['sha256', sum('c')],
    ['sha256', sum('d')],
    ['sha256', sum('9')],
    ['sha256', sum('9')],
    ['sha256', sum('3')],
    ['sha256', sum('4')],
    ['sha512', '05'.repeat(64)],
    ['sha512', '06'.repeat(64)],
  ]);
  for (const { uri } of resolvedDependencies) expect(uri).toMatch(/^(?:pkg:|https:\/\/)/);
});

test('what influenced the bytes, and nothing of who built it, when, or where from', () => {
  const { builder } = statementOf(build).predicate.runDetails;
  expect(builder).toEqual({
    id: 'https://metalk8s.scality.com/build-iso',
    version: { metalk8s: '136.0.0', createrepo_c: '0.17.3', gpg: '2.2.40' },
  });
  const { metadata } = statementOf(build).predicate.runDetails;
  expect(metadata).toBeUndefined();
  const others = { ...build, tools: { ...build.tools, nginx: '1.28.0', skopeo: '1.20' } };
  expect(Buffer.compare(renderProvenance(others), renderProvenance(build))).toBe(0);
});
