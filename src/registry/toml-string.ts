import { MetalK8sError } from '../errors/metalk8s-error.ts';

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
};

/** A basic string of TOML 1.0, quotes included; good for a quoted key too. Throws an `INTERNAL` for what is no Unicode text. */
export function tomlString(text: string): string {
  if (!text.isWellFormed())
    throw new MetalK8sError('INTERNAL', `${JSON.stringify(text)} is no text that TOML could hold`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
  return `"${text.replace(/["\\\u0000-\u001f\u007f]/g, escaped)}"`;
}

function escaped(character: string): string {
  return SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
