import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { generatedFiles } from '../../scripts/schemas/generated-files.ts';
import { renderPublishedSchema } from '../../scripts/schemas/render-published-schema.ts';
import { configurationDocument } from '../../src/config/configuration-document.ts';
import { printDefaults } from '../../src/config/print-defaults.ts';

const root = join(import.meta.dirname, '../..');

describe('the files made from the schema', () => {
  it.each(Object.entries(generatedFiles))(
    '%s is current (else run node scripts/generate-from-schemas.ts)',
    (path, render) => {
      expect(readFileSync(join(root, path), 'utf8')).toBe(render());
    },
  );
});

describe('the published schema', () => {
  const published: Record<string, unknown> = JSON.parse(renderPublishedSchema(configurationDocument));
  const validate = new Ajv({ strict: true, allowUnionTypes: true })
    .addVocabulary(['deprecationMessage', 'patternErrorMessage'])
    .compile(published);
  const good = parse(printDefaults());

  it('is plain JSON Schema that takes the printed defaults', () => {
    expect(validate(good)).toBe(true);
  });

  it.each([
    ['an unknown key', { podz: 1 }],
    ['a wrong type', { debug: 'yes' }],
    ['a wrong choice', { kubernetes: { secretsEncryption: 'none' } }],
    ['a wrong form', { archives: 'metalk8s.iso' }],
    ['a wrong form in a list', { archives: ['/a', 'b'] }],
  ])('refuses %s', (_, wrong) => {
    expect(validate({ ...good, ...wrong })).toBe(false);
  });

  it('has words for every field', () => {
    const bare = fieldsOf(published).filter(({ field }) => !field.title || !/\.$/.test(String(field.description)));
    expect(bare.map(({ path }) => path)).toEqual([]);
  });
});

type Field = Record<string, unknown>;

function fieldsOf(field: Field, path = ''): { path: string; field: Field }[] {
  const children = Object.entries((field.properties ?? {}) as Record<string, Field>);
  return [{ path, field }, ...children.flatMap(([name, child]) => fieldsOf(child, `${path}.${name}`))];
}
