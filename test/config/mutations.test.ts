import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { configurationDocument } from '../../src/config/configuration-document.ts';
import { effectiveConfiguration } from '../../src/config/effective-configuration.ts';
import { migrateText } from '../../src/config/migrate-text.ts';
import { printDefaults } from '../../src/config/print-defaults.ts';
import { validateText } from '../../src/config/validate-text.ts';
import { decodeText } from '../../src/documents/decode-text.ts';
import type { Finding } from '../../src/documents/finding.ts';
import { exampleText } from './example.ts';

const everything = printDefaults()
  .replaceAll(/^\s*# .*\n/gm, '')
  .replaceAll(/^(\s*)#(?=\S)/gm, '$1');
const old = exampleText('apiServer: {host: 10.200.1.9}')
  .replace('v1alpha3', 'v1alpha2')
  .replaceAll(/:\n {4}cidr:/g, ':');

const scraps = [
  '',
  ' ',
  '  ',
  '\n',
  '\t',
  '"',
  "'",
  '[',
  ']',
  '{',
  '}',
  ':',
  ': ',
  '- ',
  '#',
  '&a ',
  '*a',
  '!x ',
  '|',
  '>',
  '---\n',
  '...\n',
  '%',
  '@',
  '`',
  '?',
  ',',
  '~',
  '<<: ',
  '\r',
  '\u0000',
  '\uFEFF',
  '\uD800',
  '\u2028',
  '0x',
  '1e999',
  '.inf',
  '.nan',
  '-0',
  'null',
  'yes',
];

const values = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    '',
    [],
    {},
    -1,
    0,
    1e308,
    Number.MAX_SAFE_INTEGER,
    1.5,
    '10.0.0.0/8',
    'fd00::/8',
    '\u0000',
    '__proto__',
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

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
    const cut = fc.tuple(fc.nat(text.length), fc.nat(12), fc.constantFrom(...scraps), fc.boolean());
    const mutation = fc.array(cut, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(mutation, (cuts) => void judge(cuts.reduce(mutate, text))),
      { numRuns: 500 },
    );
  });

  it('with any value in the place of any other', () => {
    const tree: unknown = parse(everything);
    const places = placesOf(tree);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(places.length - 1), values), { minLength: 1, maxLength: 3 }), (swaps) => {
        const changed = structuredClone(tree);
        for (const [index, value] of swaps) put(changed, places[index] ?? [], value);
        judge(stringify(changed));
      }),
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

function isSound({ line, column, path, message }: Finding): boolean {
  return line > 0 && column > 0 && /^[\P{Cc}]{3,600}$/u.test(`${path}${message}`);
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

function mutate(text: string, [at, length, scrap, moves]: readonly [number, number, string, boolean]): string {
  const cut = text.slice(at, at + length);
  return text.slice(0, at) + scrap + text.slice(at + length) + (moves ? cut : '');
}

type Place = readonly (string | number)[];

function placesOf(value: unknown, place: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [place];
  return [place, ...Object.entries(value).flatMap(([key, child]) => placesOf(child, [...place, key]))].filter(
    (one) => one.length > 0,
  );
}

function put(root: unknown, place: Place, value: unknown): void {
  const parent = place
    .slice(0, -1)
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], root);
  if (typeof parent === 'object' && parent !== null) (parent as Record<string, unknown>)[place.at(-1) ?? ''] = value;
}

function laughs(levels: number): string {
  const lines = Array.from({ length: levels }, (_, level) => {
    const item = level === 0 ? 'lol' : `*l${level - 1}`;
    return `l${level}: &l${level} [${Array.from({ length: 9 }, () => item).join(', ')}]\n`;
  });
  return lines.join('');
}
