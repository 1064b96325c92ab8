import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { beforeAll, expect, test } from 'vitest';
import { renderSbom } from '../../../src/disc/inventory/sbom.ts';
import { inventory } from './sample.ts';

/** CycloneDX's own schemas, as its library for JavaScript carries them. */
const SCHEMAS = join(
  dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json')),
  'res/schema',
);

let validate: ValidateFunction;

beforeAll(async () => {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  const schema = async (name: string) => JSON.parse(await readFile(join(SCHEMAS, name), 'utf8'));
  for (const name of ['spdx.SNAPSHOT.schema.json', 'jsf-0.82.SNAPSHOT.schema.json'])
    ajv.addSchema(await schema(name), `http://cyclonedx.org/schema/${name}`);
  validate = ajv.compile(await schema('bom-1.6.SNAPSHOT.schema.json'));
});

test('the bill of materials is what CycloneDX 1.6 asks for', () => {
  validate(JSON.parse(Buffer.from(renderSbom(inventory)).toString()));
  expect(validate.errors ?? []).toEqual([]);
});

test('the schema finds a wrong one', () => {
  const bill = JSON.parse(Buffer.from(renderSbom(inventory)).toString());
  bill.components[0].type = 'nonsense';
  expect(validate(bill)).toBe(false);
});
