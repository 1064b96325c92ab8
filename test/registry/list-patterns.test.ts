import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ALPHABET, pagePattern, REST_PATTERN } from '../../src/registry/list-patterns.ts';

/** Node's own regular expressions stand in for PCRE here; the same is asked of nginx itself in test/integration/registry. */
const name = fc.string({ unit: fc.constantFrom(...'aAbBz09._-/'), minLength: 1, maxLength: 6 });
const names = fc.uniqueArray(name, { maxLength: 12 }).map((list) => list.sort());

/** JavaScript has no possessive loops: what a lookahead has found is not looked for again either. */
function expressionOf(pattern: string): RegExp {
  let loops = 0;
  return new RegExp(
    pattern.replace(/(\(\?:(?:\(\?![^)]*\))?"\[\^"\]\*".\)(?:\*|\{[0-9,]+\}))\+/g, (_, loop) => {
      loops++;
      return `(?=(?<loop${loops}>${loop}))\\k<loop${loops}>`;
    }),
  );
}

function rest(list: readonly string[], last: string): string[] {
  const found = expressionOf(REST_PATTERN).exec(`${last};${JSON.stringify(list)}`)?.groups?.registry_rest ?? '';
  return JSON.parse(`[${found}]`) as string[];
}

describe('what comes after a name in a list', () => {
  test('is what sorts after it, whether it is in the list or not', () => {
    fc.assert(
      fc.property(names, fc.oneof(name, fc.constant('')), (list, last) => {
        expect(rest(list, last)).toEqual(list.filter((entry) => entry > last));
      }),
      { numRuns: 2000 },
    );
  });

  test('the alphabet has every character of names and tags once, sorted', () => {
    expect([...ALPHABET]).toEqual([...new Set(ALPHABET)].sort());
    for (let code = 33; code < 127; code++) {
      const character = String.fromCharCode(code);
      expect(ALPHABET.includes(character)).toBe(/[A-Za-z0-9._/-]/.test(character));
    }
  });
});

test('a page has so many entries, the name of the last, and a mark when there are more', () => {
  fc.assert(
    fc.property(names, fc.integer({ min: 1, max: 14 }), (list, size) => {
      const subject = `${size};${JSON.stringify(list).slice(1, -1)}`;
      const groups = expressionOf(pagePattern(size)).exec(subject)?.groups;
      const page = list.slice(0, size);
      expect(JSON.parse(`[${groups?.registry_entries ?? ''}]`)).toEqual(page);
      expect(groups?.registry_tail).toBe(page.at(-1));
      expect(groups?.registry_more !== undefined).toBe(list.length > size);
    }),
  );
});
