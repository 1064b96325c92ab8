import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { DocumentType } from '../../src/documents/document-type.ts';
import { validateDocument } from '../../src/documents/validate-document.ts';
import {
  effectiveList,
  effectiveMirrors,
  lockDocument,
  mirrorsDocument,
  releaseDocument,
} from '../../src/release/document-types.ts';
import type { Mirrors } from '../../src/release/mirrors.ts';
import type { ReleaseLock } from '../../src/release/release.types.ts';
import { renderLock } from '../../src/release/render-lock.ts';
import { fileSource, imageSource, repositorySource } from '../../src/release/sources.ts';
import { toLock } from '../../src/release/to-lock.ts';
import { toMirrors } from '../../src/release/to-mirrors.ts';
import { toRelease } from '../../src/release/to-release.ts';
import { isSound, laughs, mutantsOf, placesOf, put, swappedValuesOf } from '../documents/mutants.ts';
import { exampleLock, shippedText, wholeText } from './examples.ts';

const mirrorsText = `apiVersion: metalk8s.scality.com/v1alpha1
kind: Mirrors
registries:
  - {upstream: docker.io, layout: images}
  - {upstream: registry.k8s.io, registry: "proxy.example.com:5000/k8s", ca: ca.pem}
  - {upstream: docker.io/calico, registry: "127.0.0.1:5000", insecure: true}
repositories:
  - upstream: https://dl.rockylinux.org/pub/
    directory: rpms
    keys: [{file: key.asc, fingerprint: ${'a'.repeat(40)}}]
  - {upstream: "https://pkgs.k8s.io/", url: "http://proxy.example.com/k8s/"}
files:
  - {upstream: "https://raw.githubusercontent.com/", path: files}
  - {upstream: "https://download.docker.com/linux/rhel/gpg", url: "https://proxy.example.com/docker"}
`;

const release = toRelease(effectiveList(parse(shippedText)));
const mirrors = toMirrors(effectiveMirrors(parse(mirrorsText)), '/base');

const documents: [name: string, type: DocumentType, text: string][] = [
  ['a list', releaseDocument, wholeText],
  ['a lock', lockDocument, renderLock(exampleLock)],
  ['mirrors', mirrorsDocument, mirrorsText],
];

describe.each(documents)('mutants of %s', { timeout: 60_000 }, (_, type, text) => {
  it('with characters put in and parts cut out or moved are judged soundly', () => {
    fc.assert(
      fc.property(mutantsOf(text), (mutant) => void judge(mutant, type)),
      { numRuns: 200 },
    );
  });

  it('with any value in the place of any other are judged soundly', () => {
    fc.assert(
      fc.property(swappedValuesOf(parse(text)), (changed) => void judge(stringify(changed), type)),
      { numRuns: 200 },
    );
  });

  it.each([
    ['a password in a URL', 'https://admin:hunter2@proxy.example.com/'],
    ['a generated password', 'Zx9-hunter2-Q8w'],
    ['a bearer token', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.c2lnbmVk'],
    ['a private key', '-----BEGIN PGP PRIVATE KEY BLOCK-----'],
  ])('with %s in the place of any value or key show it in no message', (__, secret) => {
    const tree: unknown = parse(text);
    for (const place of placesOf(tree)) {
      const [changed, renamed] = [structuredClone(tree), structuredClone(tree)];
      put(changed, place, secret);
      put(renamed, [...place.slice(0, -1), secret], 1);
      for (const mutant of [stringify(changed), stringify(renamed)]) {
        const told = validateDocument(mutant, type).findings.map(({ path, message }) => `${path} ${message}`);
        expect(told.join('\n')).not.toContain(secret);
      }
    }
  });

  it('of 128 KiB made of unknown keys are judged in bounded time', () => {
    const started = process.cpuUsage().user;
    judge('k: {k: 1}\n'.repeat(13_000), type);
    expect((process.cpuUsage().user - started) / 1e6).toBeLessThan(10);
  });

  it.each([
    ['a billion laughs', laughs(9)],
    ['more than the greatest size', 'a'.repeat(type.limits.characters + 1)],
    ['nothing', ''],
  ])('that are %s are refused', (__, mutant) => expect(judge(mutant, type)).toBe(false));
});

it('judges mutants of the list that ships soundly', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(mutantsOf(shippedText), (mutant) => void judge(mutant, releaseDocument)),
    { numRuns: 50 },
  );
});

it('judges a lock with 2,000 packages in a few seconds', { timeout: 60_000 }, () => {
  const [first] = exampleLock.packages;
  if (first === undefined) throw new Error('the example has no package');
  const packages = Array.from({ length: 2000 }, (_, index) => ({ ...first, name: `package-${index}` }));
  const started = process.cpuUsage().user;
  expect(judge(renderLock({ ...exampleLock, packages }), lockDocument)).toBe(true);
  expect((process.cpuUsage().user - started) / 1e6).toBeLessThan(15);
});

/** Neither crashes nor contradicts itself, whatever the text; what is valid can be used. */
function judge(text: string, type: DocumentType): boolean {
  const validation = validateDocument(text, type);
  const hasErrors = validation.findings.some(({ severity }) => severity === 'error');
  const odd = validation.findings.filter((finding) => !isSound(finding));
  if (odd.length > 0 || hasErrors === validation.valid) {
    expect({ odd, hasErrors }).toEqual({ odd: [], hasErrors: !validation.valid });
  }
  if (validation.valid) use(validation.value, type);
  return validation.valid;
}

function use(value: unknown, type: DocumentType): void {
  if (type === lockDocument) {
    const text = renderLock(toLock(value as ReleaseLock));
    expect(renderLock(toLock(parse(text)))).toBe(text);
  } else if (type === mirrorsDocument) {
    useMirrors(toMirrors(effectiveMirrors(value), '/base'), release);
  } else {
    useMirrors(mirrors, toRelease(effectiveList(value)));
  }
}

/** Everything of a release has a source; one on this machine lies below what the mirror names. */
function useMirrors(given: Mirrors, { components, packagePlatforms }: typeof release): void {
  for (const { images, files } of components) {
    for (const reference of images) imageSource(given, reference);
    for (const { url } of files) {
      const source = fileSource(given, url);
      if (source.kind === 'file') expect(resolve(source.path)).toBe(source.path);
    }
  }
  for (const repository of packagePlatforms.flatMap(({ repositories }) => repositories)) {
    const { url } = repositorySource(given, repository);
    expect(new URL(url).href).toBe(url);
    expect(url.endsWith('/')).toBe(true);
  }
}
