import { stringify } from 'yaml';

/**
 * YAML as Kubernetes' own tools write it: keys in alphabetical order, list items at the column of their key, no line folded, UTF-8
 * without a byte order mark, a newline at the end; texts that would be read as something else, or have a tab, in double quotes, others
 * that need quotes in single ones. Values that are undefined are left out. `content`: maps, lists, texts, numbers, truth values, null.
 *
 * Thousands of files are rendered for a large cluster, so only texts that need a thought are handed to the library, which takes most
 * of the time.
 */
export function renderYaml(content: unknown): string {
  const lines: string[] = [];
  write(content, { first: '', rest: '' }, lines);
  return `${lines.join('\n')}\n`;
}

/** What stands before the first line of a value, and before its other lines. */
interface Margin {
  readonly first: string;
  readonly rest: string;
}

/** Lines are put where they belong at once: to move them at every level took most of the time. */
function write(value: unknown, margin: Margin, lines: string[]): void {
  if (Array.isArray(value)) writeList(value, margin, lines);
  else if (typeof value === 'object' && value !== null) writeMap(value, margin, lines);
  else writeText(typeof value === 'string' ? textLines(value) : [String(value)], margin, lines);
}

function writeList(list: readonly unknown[], { first, rest }: Margin, lines: string[]): void {
  if (list.length === 0) lines.push(`${first}[]`);
  let before = first;
  for (const item of list) {
    write(item, { first: `${before}- `, rest: `${rest}  ` }, lines);
    before = rest;
  }
}

function writeMap(map: object, { first, rest }: Margin, lines: string[]): void {
  const values = map as Readonly<Record<string, unknown>>;
  let before = first;
  for (const key of Object.keys(map).sort()) {
    const value = values[key];
    if (value === undefined) continue;
    writeEntry(`${before}${keyText(key)}:`, value, rest, lines);
    before = rest;
  }
  if (!hasLinesOfItsOwn(map)) lines.push(`${first}{}`);
}

function writeEntry(key: string, value: unknown, rest: string, lines: string[]): void {
  const inside = `${rest}  `;
  if (hasLinesOfItsOwn(value)) {
    lines.push(key);
    // A list stands at the column of its key; a map, two further to the right.
    const column = Array.isArray(value) ? rest : inside;
    write(value, { first: column, rest: column }, lines);
  } else {
    write(value, { first: `${key} `, rest: inside }, lines);
  }
}

/** Lists and maps that are not empty. */
function hasLinesOfItsOwn(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return typeof value === 'object' && value !== null && Object.values(value).some((item) => item !== undefined);
}

function writeText([head = '', ...others]: readonly string[], { first, rest }: Margin, lines: string[]): void {
  lines.push(`${first}${head}`);
  for (const line of others) lines.push(line === '' ? '' : `${rest}${line}`);
}

/** A text on one line as a rule; one of several lines as a block, its header first. */
function textLines(text: string): string[] {
  if (isPlain(text)) return [text];
  if (looksLikeOther(text) || isOdd(text)) return [doubleQuoted(text)];
  const written = stringify({ key: text }, { lineWidth: 0, singleQuote: true }).slice('key: '.length, -1);
  return written.split('\n').map((line, index) => (index === 0 ? line : line.slice(2)));
}

/** Tabs, and what is no printable text, or what a block of lines would not keep. */
function isOdd(text: string): boolean {
  const lines = text.split('\n');
  const isBlock = lines.length > 1;
  return (
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]/.test(text) ||
    !text.isWellFormed() ||
    (isBlock ? /^\s/.test(text) || lines.some((line) => /[ \t]$/.test(line)) : text.includes('\t'))
  );
}

/** A key has one line. */
function keyText(key: string): string {
  return key.includes('\n') ? doubleQuoted(key) : textLines(key).join('');
}

function doubleQuoted(text: string): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, escaped);
}

/** What every reader takes for a text without quotes: nothing odd in it, no colon last, and neither word nor number. */
function isPlain(text: string): boolean {
  return /^(?:--|-(?=[a-z]))?[\w/](?:(?:[\w./=,+()$@;-]|[: ](?=[^ ]))*[\w/=);])?$/.test(text) && !looksLikeOther(text);
}

/** Words of YAML 1.1, which Kubernetes' tools still read. */
const WORDS = /^(?:~|null|y|yes|n|no|on|off|true|false|[-+]?\.inf|\.nan)$/i;

/** Such words, and what begins like a number or a date. */
function looksLikeOther(text: string): boolean {
  return (
    text === '' ||
    WORDS.test(text) ||
    /^[-+]?(?:\.?\d[\d_]*(?:\.[\d_]*)?(?:e[-+]?\d+)?|0x[\da-f_]+|0o?[0-7_]+|0b[01_]+)$/i.test(text) ||
    /^[-+]?[\d_]*\.[\d_]*$/.test(text) ||
    /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/.test(text) ||
    /^\d{4}-\d\d?-\d\d?(?:[Tt ].*)?$/.test(text)
  );
}
