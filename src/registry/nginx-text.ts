import { MetalK8sError } from '../errors/metalk8s-error.ts';

declare const brand: unique symbol;

/** Text that nginx reads as we mean it. Only the functions of this file make it. */
export type NginxText = string & { readonly [brand]: true };

/** nginx reads its configuration through a buffer of 4096 bytes, and stops at a longer word ("too long parameter"). */
const LONGEST_WORD = 4000;

/**
 * A word that nginx takes as it stands: the key of a map, a pattern, a default type. It may hold anything but control characters.
 * Throws an `INTERNAL` for those, and for a word longer than nginx reads.
 */
export function quoted(text: string): NginxText {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\u0000-\u001f\u007f]/.test(text)) throw refused(text, 'it holds a control character');
  if (!text.isWellFormed()) throw refused(text, 'it is no text');
  const quotes = `"${text.replace(/["\\]/g, '\\$&')}"`;
  if (Buffer.byteLength(quotes) > LONGEST_WORD) throw refused(text, 'it is longer than nginx reads');
  return quotes as NginxText;
}

/**
 * A word where nginx would replace variables: a path, the value of a map, the text of an answer. nginx has no way to write
 * a dollar sign there, so one is refused (`INTERNAL`) besides what {@link quoted} refuses.
 */
export function quotedValue(text: string): NginxText {
  if (text.includes('$')) throw refused(text, 'it holds a dollar sign, which starts a variable');
  return quoted(text);
}

/** A word with variables in it, as in `expression('sha256:$registry_hex')`. Only for text that stands in our own sources. */
export function expression(text: string): NginxText {
  return quoted(text);
}

/** A bare word of our own: the name of a directive, of a variable, an address. */
export function word(text: string): NginxText {
  if (!/^[\w$./:^~=@[\]*-]+$/.test(text)) throw refused(text, 'it needs quotes');
  return text as NginxText;
}

/** One directive: its name and its parameters. */
export function directive(...words: readonly NginxText[]): NginxText {
  return `${words.join(' ')};` as NginxText;
}

/** A row of a map: key and value. */
export function row(key: NginxText, value: NginxText): NginxText {
  return `${key} ${value};` as NginxText;
}

/** A block: the words before its brace, and what stands within. */
export function block(words: readonly NginxText[], rows: readonly NginxText[]): NginxText {
  return [`${words.join(' ')} {`, ...rows.map((line) => line.replace(/^(?=.)/gm, '    ')), '}'].join('\n') as NginxText;
}

/** Lines one below the other. */
export function joined(lines: readonly NginxText[]): NginxText {
  return lines.join('\n') as NginxText;
}

function refused(text: string, why: string): MetalK8sError {
  const start = JSON.stringify(text.slice(0, 100));
  return new MetalK8sError('INTERNAL', `${start} cannot stand in the configuration of nginx: ${why}`);
}
