import { Composer, type CST, type Document, type ErrorCode, LineCounter, Parser, type YAMLParseError } from 'yaml';
import type { DocumentType } from './document-type.ts';

/** A mistake and where it is: an offset into the text. */
export type Misreading = { readonly rule: string; readonly offset: number; readonly message: string };

/** A YAML text that can be read, or why it cannot. */
export type ParsedText =
  | { readonly document: Document.Parsed; readonly lines: LineCounter; readonly misreadings: readonly [] }
  | { readonly document?: undefined; readonly lines: LineCounter; readonly misreadings: readonly Misreading[] };

const MAX_DEPTH = 32;

/**
 * First pass: text → YAML 1.2 document with positions. Refuses what is not one plain document: broken syntax, several documents, and texts made
 * to exhaust memory or stack. Reports every mistake, not only the first.
 */
export function parseDocument(text: string, type: Pick<DocumentType, 'name' | 'limits' | 'hints'>): ParsedText {
  const lines = new LineCounter();
  const refuse = (...misreadings: Misreading[]): ParsedText => ({ lines, misreadings });
  if (text.length > type.limits.characters) {
    lines.addNewLine(0);
    return refuse({
      rule: 'too-large',
      offset: 0,
      message: `has ${text.length} characters; a ${type.name} has at most ${type.limits.characters}`,
    });
  }
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const control = findControlCharacter(text);
  if (control !== undefined) return refuse(control);
  const deep = findTooDeep(tokens);
  if (deep !== undefined) {
    return refuse({ rule: 'too-deep', offset: deep, message: `is nested more than ${MAX_DEPTH} levels deep` });
  }
  const composer = new Composer({ version: '1.2', schema: 'core', uniqueKeys: false, prettyErrors: false });
  const documents = [...composer.compose(tokens)];
  const misreadings = documents.flatMap(({ errors, warnings }) => [...errors, ...warnings].map(toMisreading));
  const [first, second] = documents;
  if (second !== undefined) {
    misreadings.push({
      rule: 'several-documents',
      offset: second.range[0],
      message: 'a second document starts here: a file holds one',
    });
  }
  if (misreadings.length > 0) return refuse(...firstOfEachLine(misreadings, lines));
  if (first === undefined || first.contents === null) {
    return refuse({
      rule: 'empty',
      offset: 0,
      message: `is empty: ${type.hints.empty}`,
    });
  }
  return { document: first as Document.Parsed, lines, misreadings: [] };
}

/** Characters that YAML does not allow unescaped; and a carriage return that ends no line, which parsers disagree about. */
function findControlCharacter(text: string): Misreading | undefined {
  const offset = text.search(/[^\P{Cc}\t\n\r\u0085]|\r(?!\n)|[\uFFFE\uFFFF]|\p{Cs}/u);
  if (offset < 0) return undefined;
  const code = (text.codePointAt(offset) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return {
    rule: 'control-character',
    offset,
    message: `has the character U+${code}, which has no place here: is it YAML, in UTF-8, with LF or CRLF at line ends?`,
  };
}

/** The offset of the first token that lies too deep, found without recursion, for the composer after it recurses. */
function findTooDeep(tokens: readonly CST.Token[]): number | undefined {
  const pending: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH) return token.offset;
    if (token.type === 'document' && token.value) pending.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const item of token.items) {
      for (const child of [item.key, item.value]) if (child) pending.push({ token: child, depth: depth + 1 });
    }
  }
  return undefined;
}

/** Where the syntax is broken, the parser stumbles on for a while: what it says further right on the line follows from the first. */
function firstOfEachLine(misreadings: readonly Misreading[], lines: LineCounter): Misreading[] {
  const byLine = Map.groupBy(
    misreadings.toSorted((a, b) => a.offset - b.offset),
    ({ offset }) => lines.linePos(offset).line,
  );
  return [...byLine.values()].flatMap(([first]) => first ?? []);
}

function toMisreading(error: Pick<YAMLParseError, 'code' | 'pos' | 'message'>): Misreading {
  const [rule, message] = sentences[error.code];
  return { rule, offset: error.pos[0], message };
}

/** Our words for the parser's findings. The parser's own would show parts of the text, which may be a secret. */
const sentences: Readonly<Record<ErrorCode, readonly [rule: string, message: string]>> = {
  ALIAS_PROPS: ['bad-alias', 'an alias (*name) can have neither anchor nor tag'],
  BAD_ALIAS: [
    'bad-alias',
    'this alias (*name) or anchor (&name) has no proper name: put quotes around text that starts with "*" or "&"',
  ],
  BAD_COLLECTION_TYPE: ['bad-tag', 'this tag (!name) does not fit: leave it out'],
  BAD_DIRECTIVE: ['bad-directive', 'this line that starts with "%" is no directive of YAML 1.2: leave it out'],
  BAD_DQ_ESCAPE: ['bad-escape', 'no such escape in double quotes: write "\\\\" for a backslash, or use single quotes'],
  BAD_INDENT: [
    'bad-indentation',
    'is indented wrongly, or a closing bracket is missing before it: entries of one mapping or list start in one column',
  ],
  BAD_PROP_ORDER: ['bad-syntax', 'an anchor or tag must stand after the indicator'],
  BAD_SCALAR_START: ['bad-syntax', 'plain text cannot start with this character: put quotes around it'],
  BLOCK_AS_IMPLICIT_KEY: [
    'bad-syntax',
    'a second ": " on this line: put quotes around text that holds one, or start a new line',
  ],
  BLOCK_IN_FLOW: ['bad-syntax', 'an indented block cannot stand within [ ] or { }'],
  DUPLICATE_KEY: ['duplicate-key', 'this key is there twice'],
  IMPOSSIBLE: ['bad-syntax', 'cannot be read as YAML'],
  KEY_OVER_1024_CHARS: ['bad-syntax', 'a key has more than 1024 characters'],
  MISSING_CHAR: [
    'bad-syntax',
    'a character is missing: a closing quote or bracket, a comma, or the ":" with a space after a key',
  ],
  MULTILINE_IMPLICIT_KEY: ['bad-syntax', 'a key must stand on one line: is the ":" missing on the line before?'],
  MULTIPLE_ANCHORS: ['bad-syntax', 'a value can have one anchor'],
  MULTIPLE_DOCS: ['several-documents', 'a second document starts here: a file holds one'],
  MULTIPLE_TAGS: ['bad-tag', 'a value can have one tag'],
  NON_STRING_KEY: ['bad-key', 'a key must be text: put quotes around it'],
  RESOURCE_EXHAUSTION: ['too-deep', 'is nested too deep'],
  TAB_AS_INDENT: ['tab', 'a tab cannot indent: use spaces'],
  TAG_RESOLVE_FAILED: ['bad-tag', 'has a tag (!name) that is not known, or that does not fit: leave it out'],
  UNEXPECTED_TOKEN: ['bad-syntax', 'was not expected here: is a quote, bracket, comma or space missing before it?'],
};
