import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseArchiveDescription } from '../../src/disc/parse-archive-description.ts';
import { isMetalK8sError } from '../../src/errors/metalk8s-error.ts';
import { describedDisc } from '../support/archive/described-disc.ts';

const { description } = describedDisc();

function refusal(document: unknown): string {
  try {
    parseArchiveDescription(typeof document === 'string' ? document : JSON.stringify(document), 'x.iso: release.json');
    return 'nothing';
  } catch (error) {
    if (!isMetalK8sError(error)) throw error;
    return `${error.code}: ${error.message} [${error.where}]`;
  }
}

test('reads what a build writes', () => {
  expect(parseArchiveDescription(JSON.stringify(description), 'x')).toEqual(description);
});

test('leaves alone what newer versions may add', () => {
  const newer = {
    ...description,
    colour: 'blue',
    packages: description.packages.map((each) => ({ ...each, weight: 1 })),
  };
  expect(parseArchiveDescription(JSON.stringify(newer), 'x')).toEqual(newer);
});

describe('refuses, and names the field', () => {
  const [image] = description.lock.images;
  const [carried] = description.packages;
  const [repository] = description.catalogue.repositories;
  test.each([
    ['no JSON', '{', 'it is no JSON object'],
    ['another kind', { ...description, kind: 'Release' }, 'kind is "Release", which cannot be'],
    ['a missing field', { ...description, catalogue: undefined }, 'catalogue is missing'],
    ['a missing part', { ...description, lock: { ...description.lock, images: undefined } }, 'lock.images is missing'],
    [
      'a component that is none',
      { ...description, components: ['../x'] },
      'components.0 must match format "component-name"',
    ],
    ['a Node.js that is none', { ...description, node: 'v24' }, 'node must match pattern'],
    [
      'an image that is none',
      { ...description, lock: { ...description.lock, images: [{ ...image, reference: 'x' }] } },
      'lock.images.0.reference must match format',
    ],
    [
      'a digest that is none',
      { ...description, lock: { ...description.lock, images: [{ ...image, digest: 'sha256:1' }] } },
      'lock.images.0.digest must match format',
    ],
    [
      'a path that leads elsewhere',
      { ...description, packages: [{ ...carried, path: '../../etc/passwd' }] },
      'packages.0.path must match format "path-on-disc"',
    ],
    [
      'a package name that is an option',
      { ...description, packages: [{ ...carried, name: '--root' }] },
      'packages.0.name must match format',
    ],
    ['a size that is none', { ...description, packages: [{ ...carried, size: -1 }] }, 'packages.0.size must be >= 0'],
    [
      'a role that is none',
      { ...description, packages: [{ ...carried, roles: ['king'] }] },
      'packages.0.roles.0 must be equal to one of the allowed values',
    ],
    [
      'a repository that breaks out',
      { ...description, catalogue: { repositories: [{ ...repository, name: 'a";' }] } },
      'is no repository name',
    ],
    [
      'a tag of nothing',
      { ...description, catalogue: { repositories: [{ ...repository, manifests: [] }] } },
      'its manifest',
    ],
  ])('%s', (_, document, message) => {
    const told = refusal(document);
    expect(told).toMatch(/^VERIFICATION_FAILED: .*\[x\.iso: release\.json\]$/s);
    expect(told).toContain(message);
  });

  test('whatever is put in place of any value, without any other error', () => {
    const paths = pathsOf(description);
    const values = fc.oneof(
      fc.constantFrom(null, [], {}, '', -1, 1e99, '\u001b[2J', '__proto__'),
      fc.string(),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), values, (path, value) => {
        const changed = structuredClone(description) as unknown;
        put(changed, path, value);
        refusal(changed);
      }),
      { numRuns: 1000 },
    );
  });
});

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...path, key]));
  return path.length === 0 ? below : [path, ...below];
}

function put(root: unknown, path: Path, value: unknown): void {
  let owner = root as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) owner = owner[key] as Record<string | number, unknown>;
  owner[path.at(-1) ?? ''] = value;
}
