import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../src/registry/catalogue.ts';
import { jsonText } from '../../src/registry/json-text.ts';
import type { ServedRepository } from '../../src/registry/merge-archives.ts';
import { NO_REFERRERS, querySpellings, referrersOf } from '../../src/registry/referrers.ts';

const mediaType = 'application/vnd.oci.image.manifest.v1+json';
const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`;

function repository(manifests: readonly Manifest[]): ServedRepository {
  const stored = new Map(manifests.map((item) => [item.digest, { item, archive: 0 }]));
  return { path: 'quay.io/a/b', tags: new Map(), manifests: stored, blobs: new Map() };
}

describe('referrersOf', () => {
  const subject = digestOf('0');
  const signature: Manifest = {
    digest: digestOf('2'),
    mediaType,
    size: 20,
    subject,
    artifactType: 'application/vnd.Example.signature+json',
    annotations: { 'org.example.by': 'Zoë "Z" $me\n' },
  };
  const sbom: Manifest = { digest: digestOf('1'), mediaType, size: 10, subject, artifactType: 'text/spdx' };
  const odd: Manifest = { digest: digestOf('3'), mediaType, size: 30, subject };

  test('all of a subject, and those of each type, sorted by digest', () => {
    const [found, ...others] = referrersOf(repository([signature, sbom, odd, { digest: subject, mediaType, size: 1 }]));
    expect(others).toEqual([]);
    expect(found?.subject).toBe(subject);
    const listed = (text: string | undefined) => (JSON.parse(text ?? '{}') as { manifests: unknown[] }).manifests;
    const { subject: _, ...described } = signature;
    const { subject: __, ...bill } = sbom;
    expect(listed(found?.all)).toEqual([bill, described, { digest: odd.digest, mediaType, size: 30 }]);
    expect([...(found?.byType.keys() ?? [])]).toEqual(['application/vnd.example.signature+json', 'text/spdx']);
    expect(listed(found?.byType.get('text/spdx'))).toEqual([bill]);
  });

  test('no repository without artifacts has any', () => {
    expect(referrersOf(repository([{ digest: subject, mediaType, size: 1 }]))).toEqual([]);
    expect(JSON.parse(NO_REFERRERS)).toEqual({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [],
    });
  });

  test('an answer larger than clients take is refused', () => {
    const annotations = { text: 'x'.repeat(4_200_000) };
    expect(() => referrersOf(repository([{ ...sbom, annotations }]))).toThrow('cannot be listed in 4194304 bytes');
  });
});

test.each([
  [
    'application/vnd.example+json',
    [
      'application/vnd.example+json',
      'application/vnd.example%2bjson',
      'application%2fvnd.example+json',
      'application%2fvnd.example%2bjson',
    ],
  ],
  ['text/plain', ['text/plain', 'text%2fplain']],
  ['Text/X$!y', ['text/x$!y', 'text/x%24!y', 'text/x%24%21y', 'text%2fx$!y', 'text%2fx%24!y', 'text%2fx%24%21y']],
])('%s in a query', (type, spellings) => {
  expect(querySpellings(type).sort()).toEqual(spellings.sort());
});

test('JSON for the configuration means the same, in printable ASCII without a dollar sign', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = jsonText(value);
      expect(text).toMatch(/^[ -#%-~]*$/);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
