import { block, expression, type NginxText, quotedValue, row, word } from './nginx-text.ts';

/** Characters in one piece: below what nginx reads as one word even when each of them has to be escaped. */
const PIECE = 1900;

/** Variables in one word, likewise. */
const NAMES = 100;

/** Texts of any length for a configuration whose words are short. */
export interface LongTexts {
  /** The word that stands for a text: the text itself, or variables that hold its pieces. Equal texts share them. */
  word(text: string): NginxText;
  /** What defines these variables, once all words have been asked for. */
  definitions(): readonly NginxText[];
}

/** The texts must be of ASCII and without a dollar sign. */
export function createLongTexts(): LongTexts {
  const words = new Map<string, NginxText>();
  const definitions: NginxText[] = [];

  /** `geo` takes its value as it stands and is light to load; `map` is for values that hold variables. */
  function define(kind: readonly NginxText[], value: NginxText): string {
    const name = `$registry_text_${definitions.length}`;
    definitions.push(block([...kind, word(name)], [row(word('default'), value)]));
    return name;
  }

  function assembled(names: readonly string[]): NginxText {
    if (names.length <= NAMES) return expression(names.join(''));
    return assembled(
      slices(names, NAMES).map((group) => define([word('map'), expression('')], expression(group.join('')))),
    );
  }

  return {
    word(text) {
      if (text.length <= PIECE) return quotedValue(text);
      const known = words.get(text);
      if (known !== undefined) return known;
      const pieces = slices([...text], PIECE).map((piece) => define([word('geo')], quotedValue(piece.join(''))));
      const made = assembled(pieces);
      words.set(text, made);
      return made;
    },
    definitions: () => definitions,
  };
}

function slices<Item>(items: readonly Item[], size: number): (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
