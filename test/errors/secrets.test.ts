import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MASK } from '../../src/errors/secret.ts';
import { createSecrets } from '../../src/errors/secrets.ts';

const password = `p'a"s$s w\\ö<r>d/+`;

describe('a secret', () => {
  const secret = createSecrets().mark(password);

  test.each([
    ['text', () => `${secret}`],
    ['JSON', () => JSON.stringify({ secret })],
    ['inspection', () => inspect({ secret }, { depth: 9, showHidden: true })],
    ['concatenation', () => 'x'.concat(secret as unknown as string)],
    ['its entries', () => JSON.stringify(Object.entries(secret))],
  ])('does not show itself in %s', (_title, show) => {
    expect(show()).not.toContain('w');
  });

  test('is given to who asks for it by name', () => {
    expect(secret.reveal()).toBe(password);
  });
});

describe('redaction', () => {
  test.each([
    ['as it is', password],
    ['in JSON', JSON.stringify({ password })],
    ['in JSON in JSON', JSON.stringify(JSON.stringify({ password }))],
    ['in JSON of Go', `"p'a\\"s$s w\\\\ö\\u003cr\\u003ed/+"`],
    ['in JSON of Python', `"p'a\\"s$s w\\\\\\u00f6<r>d/+"`],
    ['in an URL', `https://x/?p=${encodeURIComponent(password)}`],
    ['in an URL of Go', 'p%27a%22s%24s+w%5C%C3%B6%3Cr%3Ed%2F%2B'],
    ['in an URL, lower case', encodeURIComponent(password).replace(/%../g, (unit) => unit.toLowerCase())],
    ['in a form', new URLSearchParams({ password }).toString()],
    ['in single quotes', `'${password.replaceAll("'", "'\\''")}'`],
    ['in single quotes, otherwise', `'${password.replaceAll("'", `'"'"'`)}'`],
    ['in double quotes', `"${password.replace(/[\\"$`]/g, '\\$&')}"`],
    ['with backslashes', `p\\'a\\"s\\$s\\ w\\\\\\ö\\<r\\>d/+`],
    ['in base64', Buffer.from(password).toString('base64')],
    ['in base64 for URLs', Buffer.from(password).toString('base64url')],
    ['in base64 of more, shifted by one', Buffer.from(`a${password}b`).toString('base64')],
    ['in base64 of more, shifted by two', Buffer.from(`ab${password}bc`).toString('base64')],
  ])('finds it %s', (_title, text) => {
    const secrets = createSecrets();
    secrets.mark(`${password}\n`);
    const clean = secrets.redact(`before ${text} after`);
    expect(clean).toMatch(/^before .*\[secret\].* after$/);
    for (const trace of ['w\\', 's$s', '%5C', '%5c', Buffer.from('s$s w').toString('base64').slice(0, 4)]) {
      expect(clean).not.toContain(trace);
    }
  });

  test('finds the lines of a key one by one, and leaves the frame that every key has', () => {
    const secrets = createSecrets();
    secrets.mark('-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAAAAA\nshort\n-----END PRIVATE KEY-----\n');
    expect(secrets.redact('key: MC4CAQAwBQYDK2VwBCIEIAAAAA')).toBe(`key: ${MASK}`);
    expect(secrets.redact('-----BEGIN PRIVATE KEY-----')).toBe('-----BEGIN PRIVATE KEY-----');
    expect(secrets.redact('short')).toBe('short');
  });

  test('masks overlapping secrets as one', () => {
    const secrets = createSecrets();
    secrets.mark('abcdef');
    secrets.mark('defghi');
    expect(secrets.redact('1abcdefghi2')).toBe(`1${MASK}2`);
    expect(secrets.redact('abcdefabcdef')).toBe(`${MASK}${MASK}`);
  });

  test.each(['', 'a', 'abc', '  abc  '])('does not search for %j: it is too short', (value) => {
    const secrets = createSecrets();
    expect(String(secrets.mark(value))).toBe(MASK);
    expect(secrets.redact('abc abc')).toBe('abc abc');
  });

  test('knows a secret from when it is marked', () => {
    const secrets = createSecrets();
    expect(secrets.redact('hunter22')).toBe('hunter22');
    secrets.mark('hunter22');
    expect(secrets.redact('hunter22')).toBe(MASK);
  });
});

/** Few letters, so that secrets overlap, repeat and stand side by side. */
const value = fc.string({
  unit: fc.constantFrom('a', 'b', "'", '\\', '"', '\n', 'ö', '%'),
  minLength: 1,
  maxLength: 9,
});
const secretValue = fc.oneof(value, fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme', minLength: 1 }));

const marked = fc.record({
  values: fc.array(
    secretValue.filter((text) => text.trim().length >= 4),
    { minLength: 1, maxLength: 3 },
  ),
  noise: fc.array(value, { minLength: 1, maxLength: 4 }),
  cuts: fc.array(fc.nat(200), { maxLength: 6 }),
});

describe('whatever the secrets and the text are', () => {
  test('no secret survives between the masks', () => {
    fc.assert(
      fc.property(marked, ({ values, noise }) => {
        const secrets = createSecrets();
        for (const one of values) secrets.mark(one);
        const parts = secrets.redact(mixed(values, noise)).split(MASK);
        for (const one of values) expect(parts.some((part) => part.includes(one.trim()))).toBe(false);
      }),
    );
  });

  test('redaction by pieces gives what redaction of the whole gives', () => {
    fc.assert(
      fc.property(marked, ({ values, noise, cuts }) => {
        const secrets = createSecrets();
        for (const one of values) secrets.mark(one);
        const text = mixed(values, noise);
        const pieces = secrets.redactPieces();
        const written = cut(text, cuts).map((piece) => pieces.write(piece));
        expect([...written, pieces.end()].join('')).toBe(secrets.redact(text));
      }),
    );
  });

  test('a text without a secret stays as it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const secrets = createSecrets();
        secrets.mark('\u2620\u2620\u2620\u2620');
        expect(secrets.redact(text)).toBe(text);
      }),
    );
  });
});

test('pieces that cannot begin a secret are given back at once', () => {
  const secrets = createSecrets();
  secrets.mark('hunter22');
  const pieces = secrets.redactPieces();
  expect(pieces.write('a long line\n')).toBe('a long line\n');
  expect(pieces.write('the hunt')).toBe('the ');
  expect(pieces.write('ing\n')).toBe('hunting\n');
  expect(pieces.end()).toBe('');
});

function mixed(values: readonly string[], noise: readonly string[]): string {
  return values.map((one, index) => `${noise[index] ?? ''}${one}${one.slice(0, 3)}${one}`).join(noise.at(-1));
}

function cut(text: string, positions: readonly number[]): string[] {
  const sorted = [0, ...positions.filter((position) => position < text.length), text.length].sort((a, b) => a - b);
  return sorted.slice(1).map((end, index) => text.slice(sorted[index], end));
}
