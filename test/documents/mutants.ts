import fc from 'fast-check';
import type { Finding } from '../../src/documents/finding.ts';

/** Pieces of text that YAML and its readers care about. */
export const scraps = [
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

/** Values that are seldom what a field expects. */
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

/** A text with pieces cut out, put in and moved, in up to four places. */
export function mutantsOf(text: string): fc.Arbitrary<string> {
  const cut = fc.tuple(fc.nat(text.length), fc.nat(12), fc.constantFrom(...scraps), fc.boolean());
  return fc.array(cut, { minLength: 1, maxLength: 4 }).map((cuts) => cuts.reduce(mutate, text));
}

/** Values with up to three of them replaced by others. */
export function swappedValuesOf(tree: unknown): fc.Arbitrary<unknown> {
  const places = placesOf(tree);
  const swap = fc.tuple(fc.nat(places.length - 1), values);
  return fc.array(swap, { minLength: 1, maxLength: 3 }).map((swaps) => {
    const changed = structuredClone(tree);
    for (const [index, value] of swaps) put(changed, places[index] ?? [], value);
    return changed;
  });
}

/** Whether a finding has a place, and a message that a terminal and a reader can bear. */
export function isSound({ line, column, path, message }: Finding): boolean {
  return line > 0 && column > 0 && /^[\P{Cc}]{3,600}$/u.test(`${path}${message}`);
}

function mutate(text: string, [at, length, scrap, moves]: readonly [number, number, string, boolean]): string {
  const cut = text.slice(at, at + length);
  return text.slice(0, at) + scrap + text.slice(at + length) + (moves ? cut : '');
}

/** The way to a value. */
type Place = readonly (string | number)[];

/** The way to every value below the top. */
export function placesOf(value: unknown, place: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [place];
  return [place, ...Object.entries(value).flatMap(([key, child]) => placesOf(child, [...place, key]))].filter(
    (one) => one.length > 0,
  );
}

/** Puts a value in the place of another. */
export function put(root: unknown, place: Place, value: unknown): void {
  const parent = place
    .slice(0, -1)
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], root);
  if (typeof parent === 'object' && parent !== null) (parent as Record<string, unknown>)[place.at(-1) ?? ''] = value;
}

/** Anchors and aliases that stand for nine to the power of `levels` values. */
export function laughs(levels: number): string {
  const lines = Array.from({ length: levels }, (_, level) => {
    const item = level === 0 ? 'lol' : `*l${level - 1}`;
    return `l${level}: &l${level} [${Array.from({ length: 9 }, () => item).join(', ')}]\n`;
  });
  return lines.join('');
}
