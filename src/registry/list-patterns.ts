import { expression, type NginxText, quoted, row } from './nginx-text.ts';

/** The sizes of a page that are given exactly; a larger `n` gets the next smaller one of these and a link, as the specification allows. */
const PAGE_SIZES: readonly number[] = [...Array.from({ length: 100 }, (_, index) => index + 1), 200, 500];

/** Every character of tags and repository names, in the order in which they sort, in ranges without a gap. */
const RANGES = ['-9', 'AZ', '__', 'az'] as const;

export const ALPHABET: readonly string[] = RANGES.flatMap(([first = '', last = '']) => {
  const codes = last.charCodeAt(0) - first.charCodeAt(0) + 1;
  return Array.from({ length: codes }, (_, index) => String.fromCharCode(first.charCodeAt(0) + index));
});

/**
 * Finds what comes after `last` in a sorted list, whether `last` is in it or not. Its subject is `<last>;["a","b"]`, its capture
 * `registry_rest` the list from there on. The longest beginning that `last` has in common with a greater entry decides: the first entry
 * that begins so and goes on with a greater character, or goes on at all where `last` has ended. Each character has an alternative of its
 * own, which knows those that are greater. One pattern serves all lists, so the cost of a request does not grow with their number.
 * Within a list it grows no faster than its length: entries are passed over by possessive loops, which neither come back nor need room to
 * remember where they were. Compiled patterns have 32 KiB of that, and nginx takes running out for no match.
 */
export const REST_PATTERN = restPattern();

function restPattern(): string {
  const alternatives = ALPHABET.slice(0, -1).map((character) => {
    const beginning = character === '.' ? '\\.' : character;
    return `${beginning}[^;]*;${passing(`[${greaterThan(character)}]`)}`;
  });
  return `^([^;]*)(?:;${passing('[^"]')}|${alternatives.join('|')})(?=")(?<registry_rest>[^\\]]*)\\]`;
}

/** Of a list, all up to the first entry that begins with what was found in common and one of some characters; all of it if there is none. */
function passing(next: string): string {
  return `\\[(?:(?!"\\1${next})"[^"]*".)*+`;
}

/** A class of characters, without its brackets. */
function greaterThan(character: string): string {
  return RANGES.flatMap(([first = '', last = '']) => {
    if (last <= character) return [];
    const from = first > character ? first : String.fromCharCode(character.charCodeAt(0) + 1);
    return from === last ? [last] : [`${from}-${last}`];
  }).join('');
}

/** The page of at most `size` entries at the start of `<size>;"a","b"`: the entries, the last one's name, and a comma if there are more. */
export function pagePattern(size: number): string {
  const entries = `(?<registry_entries>(?:"[^"]*",){0,${size - 1}}+"(?<registry_tail>[^"]*)")`;
  return `^${size};${entries}(?<registry_more>,)?`;
}

/** Rows of the map from `n` as it was asked for to the size of the page: `all`, a number, or `bad`. */
export function sizeRows(): NginxText[] {
  return [
    row(quoted('default'), quoted('bad')),
    row(quoted(''), quoted('all')),
    row(quoted('~^0+\\z'), quoted('0')),
    row(quoted('~^0*(?<registry_count>[1-9][0-9]?|100)\\z'), expression('$registry_count')),
    row(quoted('~^0*1[0-9]{2}\\z'), quoted('100')),
    row(quoted('~^0*[2-4][0-9]{2}\\z'), quoted('200')),
    row(quoted('~^0*[1-9][0-9]{2,}\\z'), quoted('500')),
  ];
}

/** Rows of the map from `<size>;<rest of the list>` to the entries of the page. */
export function pageRows(): NginxText[] {
  const sized = PAGE_SIZES.map((size) => row(quoted(`~${pagePattern(size)}`), expression('$registry_entries')));
  return [row(quoted('~^all;(?<registry_entries>.*)\\z'), expression('$registry_entries')), ...sized];
}

/** Rows of the map from `last` as it was asked for to its text. Of all characters of names, clients encode the slash alone. */
export function lastRows(deepest: number): NginxText[] {
  const rows = [row(quoted('default'), expression('$arg_last'))];
  for (let slashes = 1; slashes <= deepest; slashes++) {
    const parts = Array.from({ length: slashes + 1 }, (_, index) => `registry_part_${index}`);
    const pattern = parts.map((part) => `(?<${part}>[^%]*)`).join('%2F');
    rows.push(row(quoted(`~*^${pattern}\\z`), expression(parts.map((part) => `\${${part}}`).join('/'))));
  }
  return rows;
}
