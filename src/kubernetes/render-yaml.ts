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
  const lines = linesOf(content);
  return `${lines.join('\n')}\n`;
}

function linesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.length === 0 ? ['[]'] : value.flatMap((item) => listItem(linesOf(item)));
  if (typeof value === 'object' && value !== null) return mapLines(value);
  return typeof value === 'string' ? textLines(value) : [String(value)];
}

function listItem(lines: readonly string[]): string[] {
  return lines.map((line, index) => (index === 0 ? `- ${line}` : indented(line)));
}

function mapLines(map: object): string[] {
  const entries = Object.entries(map).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return ['{}'];
  entries.sort(([one], [other]) => (one < other ? -1 : 1));
  return entries.flatMap(([key, value]) => mapEntry(keyText(key), value));
}

function mapEntry(key: string, value: unknown): string[] {
  const [first = '', ...rest] = linesOf(value);
  // A list stands at the column of its key; a map that is not empty, two further to the right.
  if (Array.isArray(value)) return value.length === 0 ? [`${key}: []`] : [`${key}:`, first, ...rest];
  if (typeof value === 'object' && value !== null && first !== '{}')
    return [`${key}:`, ...[first, ...rest].map(indented)];
  return [`${key}: ${first}`, ...rest.map(indented)];
}

function indented(line: string): string {
  return line === '' ? '' : `  ${line}`;
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
  return /^(?:--)?[\w/](?:(?:[\w./=,+()$@;-]|[: ](?=[^ ]))*[\w/=);])?$/.test(text) && !looksLikeOther(text);
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
