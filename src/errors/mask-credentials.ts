import { MASK } from './secret.ts';

const BEGINNING = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----/g;
const ENDING = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----/g;

/** Characters of the longest private key, with what logs put before its lines. One whose end is missing is masked so far. */
const LONGEST_KEY = 20_000;

/** What names say that their value is for nobody. Names are taken without regard to case. */
const NAME =
  '[\\w.-]{0,60}(?:password|passwd|passphrase|token|secret|client-key-data|credentials?|identitytoken|' +
  '(?:api|access|private|secret|encryption|signing)[_-]?key)';

const RULES: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // A document in base64 that begins like a PEM file, but for a certificate.
  [/LS0tLS1CRUdJTi(?!BDRVJUSUZJQ0FUR)[A-Za-z0-9+/]{16,}={0,2}/g, MASK],
  // A password in an URL.
  [/(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@'"]{0,200}):[^\s/'"]{0,500}@/gi, `$1:${MASK}@`],
  // JSON web tokens, and kubeadm's own, whose first part is public.
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, MASK],
  [/\b([a-z0-9]{6})\.[a-z0-9]{16}\b/g, `$1.${MASK}`],
  [/\b(Bearer|Basic)\s+[\w.~+/-]{8,}={0,2}/gi, `$1 ${MASK}`],
  // A login of a registry: JSON, TOML of containerd, YAML.
  [/((?<![\w.-])["']?auth["']?\s{0,9}[:=]\s{0,9}["'])[\w+/=-]+/g, `$1${MASK}`],
  [/^([ \t]*auth:[ \t]+)[\w+/]{8,}={0,2}$/gm, `$1${MASK}`],
  // A variable of a container, in YAML and in JSON.
  [new RegExp(`(\\bname:\\s{0,9}["']?${NAME}["']?[ \\t]*\\n[ \\t]*value:[ \\t]*)[^\\n]+`, 'gi'), `$1${MASK}`],
  [new RegExp(`("name":\\s{0,9}"${NAME}",\\s{0,40}"value":\\s{0,9})"(?:[^"\\\\]|\\\\.)*"`, 'gi'), `$1"${MASK}"`],
  // A text over several lines in YAML.
  [
    new RegExp(
      `^([ \\t]*)((?:- )?["']?${NAME}["']?:[ \\t]*[|>][+-]?[ \\t]*\\n)(?:\\1[ \\t]+[^\\n]*\\n|[ \\t]*\\n)+`,
      'gim',
    ),
    `$1$2$1  ${MASK}\n`,
  ],
  // NAME: VALUE and NAME=VALUE: quoted, quoted within a text in JSON, or not quoted.
  [
    new RegExp(`((?<![\\w.-])${NAME}["']?\\s{0,9}[:=]\\s{0,9}(?:\\[\\s{0,9})?")(?:[^"\\\\\\n]|\\\\.)+`, 'gi'),
    `$1${MASK}`,
  ],
  [
    new RegExp(
      `((?<![\\w.-])${NAME}\\\\"\\s{0,9}:\\s{0,9}\\\\")(?:[^"\\\\\\n]|\\\\\\\\(?:\\\\")?|\\\\[^"\\\\])+`,
      'gi',
    ),
    `$1${MASK}`,
  ],
  [new RegExp(`((?<![\\w.-])${NAME}["']?\\s{0,9}[:=]\\s{0,9}(?:\\[\\s{0,9})?')[^'\\n]+`, 'gi'), `$1${MASK}`],
  [
    new RegExp(`((?<![\\w.-])${NAME}: ?)(?!true\\b|false\\b|null\\b|\\{|\\[|[|>])[^\\s"'\\\\][^\\n]*`, 'gi'),
    `$1${MASK}`,
  ],
  [new RegExp(`((?<![\\w.-])${NAME}=)(?!true\\b|false\\b)[^\\s"'\\\\,;&]+`, 'gi'), `$1${MASK}`],
  // A line of an INI file, such as those of dnf, to its end. Without spaces it may as well be a variable before a command.
  [
    new RegExp(
      `^([ \\t]*${NAME}(?:[ \\t]+=[ \\t]*|=[ \\t]+))(?!true[ \\t]*$|false[ \\t]*$)[^\\s"'\\\\\\[{][^\\n]*`,
      'gim',
    ),
    `$1${MASK}`,
  ],
  [new RegExp(`(--${NAME}[ ])(?!-)[^\\s"']+`, 'gi'), `$1${MASK}`],
];

/**
 * The text without what looks like a credential: private keys, tokens, passwords in URLs, and values of names such as `password`. It is for texts of
 * others, which nobody marked: it may mask more than it has to, and cannot know a password that stands there without a word.
 */
export function maskCredentials(text: string): string {
  return RULES.reduce((masked, [pattern, replacement]) => masked.replace(pattern, replacement), withoutKeys(text));
}

function withoutKeys(text: string): string {
  const keys = [...text.matchAll(BEGINNING)].map(({ index }) => ({ start: index, end: endOfKey(text, index) }));
  let masked = '';
  let from = 0;
  for (const { start, end } of [...restOfKey(text, keys[0]?.start), ...keys]) {
    if (start < from) continue;
    masked += text.slice(from, start) + MASK;
    from = end;
  }
  return masked + text.slice(from);
}

/** A key whose beginning is missing: the text is the end of a longer one. */
function restOfKey(text: string, next = text.length): readonly { readonly start: number; readonly end: number }[] {
  const [ending] = text.slice(0, next).matchAll(ENDING);
  if (ending === undefined) return [];
  return [{ start: Math.max(0, ending.index - LONGEST_KEY), end: ending.index + ending[0].length }];
}

function endOfKey(text: string, start: number): number {
  const [ending] = text.slice(start, start + LONGEST_KEY).matchAll(ENDING);
  return ending === undefined ? Math.min(text.length, start + LONGEST_KEY) : start + ending.index + ending[0].length;
}
