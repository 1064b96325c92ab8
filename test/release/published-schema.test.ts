import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderPublishedSchema } from '../../scripts/schemas/render-published-schema.ts';
import { lockDocument, mirrorsDocument, releaseDocument } from '../../src/release/document-types.ts';
import { renderLock } from '../../src/release/render-lock.ts';
import { exampleLock, shippedText, wholeText } from './examples.ts';

type Json = Record<string, unknown>;

const mirrors = {
  apiVersion: 'metalk8s.scality.com/v1alpha1',
  kind: 'Mirrors',
  registries: [{ upstream: 'docker.io', registry: 'proxy.example.com:5000/hub' }],
  repositories: [{ upstream: 'https://rpm.example.com/', directory: 'rpms' }],
  files: [{ upstream: 'https://files.example.com/', url: 'https://proxy.example.com/files/' }],
};

describe.each([
  ['release list', releaseDocument, [parse(shippedText), parse(wholeText)], { kubernetes: 'v1.36.3' }],
  ['lock', lockDocument, [parse(renderLock(exampleLock))], { images: [{ reference: 'nginx' }] }],
  ['mirrors', mirrorsDocument, [mirrors], { registries: [{ upstream: 'https://docker.io' }] }],
] as const)('the published schema of a %s', (_, type, good, wrong) => {
  const published: Json = JSON.parse(renderPublishedSchema(type));
  const validate = new Ajv({ strict: true }).addVocabulary(['patternErrorMessage']).compile(published);

  it('is plain JSON Schema that takes good documents', () => {
    for (const document of good) expect(validate(document) ? [] : validate.errors).toEqual([]);
  });

  it('refuses unknown keys, what is missing, and other forms', () => {
    expect(validate({ ...(good[0] as Json), images2: [] })).toBe(false);
    expect(validate({ kind: (good[0] as Json).kind })).toBe(false);
    expect(validate({ ...(good[0] as Json), ...wrong })).toBe(false);
  });

  it('has words for every field', () => {
    const bare = fieldsOf(published).filter(({ field }) => !field.title || !/\.$/.test(String(field.description)));
    expect(bare.map(({ path }) => path)).toEqual([]);
  });
});

function fieldsOf(field: Json, path = ''): { path: string; field: Json }[] {
  const children = Object.entries((field.properties ?? {}) as Record<string, Json>);
  const items = field.items === undefined ? [] : fieldsOf(field.items as Json, `${path}[]`);
  return [{ path, field }, ...items, ...children.flatMap(([name, child]) => fieldsOf(child, `${path}.${name}`))];
}
