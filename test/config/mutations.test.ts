import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { configurationDocument } from '../../src/config/configuration-document.ts';
import { effectiveConfiguration } from '../../src/config/effective-configuration.ts';
import { migrateText } from '../../src/config/migrate-text.ts';
import { printDefaults } from '../../src/config/print-defaults.ts';
import { validateText } from '../../src/config/validate-text.ts';
import { decodeText } from '../../src/documents/decode-text.ts';
import { isSound, laughs, mutantsOf, placesOf, put, scraps, swappedValuesOf } from '../documents/mutants.ts';
import { exampleText } from './example.ts';

const everything = printDefaults()
  .replaceAll(/^\s*# .*\n/gm, '')
  .replaceAll(/^(\s*)#(?=\S)/gm, '$1');
const old = exampleText('apiServer: {host: 10.200.1.9}')
  .replace('v1alpha3', 'v1alpha2')
  .replaceAll(/:\n {4}cidr:/g, ':');

describe('mutated configurations', { timeout: 60_000 }, () => {
  it('as random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = decodeText(bytes);
        if (text !== undefined) judge(text);
      }),
      { numRuns: 800 },
    );
  });

  it('as random text of the characters that YAML cares about', () => {
    const text = fc.array(fc.constantFrom(...scraps, 'a', 'b', '1', 'networks', 'apiVersion'), { maxLength: 60 });
    fc.assert(
      fc.property(text, (parts) => void judge(parts.join(''))),
      { numRuns: 1200 },
    );
  });

  it.each([
    ['the least', exampleText()],
    ['everything', everything],
    ['v1alpha2', old],
  ])('of %s, with characters put in and parts cut out or moved', (_, text) => {
    fc.assert(
      fc.property(mutantsOf(text), (mutant) => void judge(mutant)),
      { numRuns: 500 },
    );
  });

  it('with any value in the place of any other', () => {
    fc.assert(
      fc.property(swappedValuesOf(parse(everything)), (changed) => void judge(stringify(changed))),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a password in a URL', 'http://admin:hunter2@proxy.example.com:3128'],
    ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----'],
    ['a generated password', 'Zx9-hunter2-Q8w'],
    ['an encryption key', 'aHVudGVyMiBpcyBubyBnb29kIHBhc3N3b3JkLi4uLi4='],
    ['a bearer token', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.c2lnbmVk'],
    ['a bootstrap token', 'Abcdef.0123456789AbcdefHunter2'],
    ['a password hash', '$6$hunter2$abcdefghijklmnop'],
  ])('with %s in the place of any value or key, which no message shows', (_, secret) => {
    const tree: unknown = parse(everything);
    for (const place of placesOf(tree)) {
      const [changed, renamed] = [structuredClone(tree), structuredClone(tree)];
      put(changed, place, secret);
      put(renamed, [...place.slice(0, -1), secret], 1);
      for (const text of [stringify(changed), stringify(renamed)]) {
        const shown = validateText(text).findings.map(({ path, message }) => `${path} ${message}`);
        expect(shown.join('\n')).not.toContain(secret);
      }
    }
  });

  it.each([
    ['brackets', '['],
    ['braces', '{a: '],
    ['list dashes', '- '],
    ['keys in question', '? '],
    ['commas', '[,'],
    ['quotes', '"'],
    ['anchors', '&a '],
    ['tags', '!x '],
    ['empty documents', '---\n'],
    ['bad scalars', 'a: @b\n'],
    ['unknown keys', 'k: {k: 1}\n'],
    ['aliases', '- *a\n'],
    ['white space', ' \n'],
  ])('of the greatest size, made of %s, in bounded time', (_, scrap) => {
    const started = process.cpuUsage().user;
    judge(scrap.repeat(configurationDocument.limits.characters / scrap.length));
    expect((process.cpuUsage().user - started) / 1e6).toBeLessThan(10);
  });

  it.each([
    ['mappings', Array.from({ length: 5000 }, (_, depth) => `${' '.repeat(Math.min(depth, 20))}a:\n`).join('')],
    ['many different keys', Array.from({ length: 10_000 }, (_, index) => `k${index}: 1\n`).join('')],
    ['a billion laughs', laughs(9)],
    ['more than the greatest size', 'a'.repeat(configurationDocument.limits.characters + 1)],
  ])('as %s', (_, text) => {
    expect(judge(text)).toBe(false);
  });
});

/** Neither crashes nor contradicts itself, whatever the text. */
function judge(text: string): boolean {
  const validation = validateText(text);
  const hasErrors = validation.findings.some(({ severity }) => severity === 'error');
  const odd = validation.findings.filter((finding) => !isSound(finding));
  // One comparison, because each costs more than what it judges.
  if (odd.length > 0 || hasErrors === validation.valid)
    expect({ odd, hasErrors }).toEqual({ odd: [], hasErrors: !validation.valid });
  if (validation.valid) expectSameMeaning(text, effectiveConfiguration(validation.configuration));
  return validation.valid;
}

/** The effective configuration is valid and means itself, and migration keeps the meaning. */
function expectSameMeaning(text: string, effective: unknown): void {
  expect(effectiveOf(stringify(effective, { aliasDuplicateObjects: false }))).toEqual(effective);
  const migration = migrateText(text);
  if (!migration.valid) throw new Error('valid, yet it cannot be migrated');
  expect(effectiveOf(migration.text)).toEqual(effective);
  expect(migrateText(migration.text)).toMatchObject({ changes: [], text: migration.text });
}

function effectiveOf(text: string): unknown {
  const validation = validateText(text);
  return validation.valid ? effectiveConfiguration(validation.configuration) : validation.findings;
}
