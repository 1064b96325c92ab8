/** Whole escape sequences of a terminal: colours, cursor movements, titles, links, device strings. They are dropped. */
const sequences = [
  String.raw`(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]`,
  String.raw`(?:\u001b\]|\u009d)[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)`,
  String.raw`(?:\u001b[PX^_]|[\u0090\u0098\u009e\u009f])[^\u001b\u009c]*(?:\u001b\\|\u009c)`,
].join('|');

/** What acts without being seen: control characters but newline and tab, and marks that turn the direction of writing. */
const invisible = String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]`;

const pattern = new RegExp(`(?<sequence>${sequences})|${invisible}`, 'g');

/**
 * Text of unknown origin, made safe to show: no terminal takes a command from it, and nothing in it is hidden.
 * Newlines and tabs stay. One pass over the text, so that removing a part cannot join two others to a new sequence.
 */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\r\n', '\n')
    .replace(pattern, (found, sequence: string | undefined) => (sequence === undefined ? escapeCharacter(found) : ''));
}

function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`;
}
