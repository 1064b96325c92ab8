/**
 * The value as a message may show it: in quotes, when it is short and made of the characters of names, addresses and paths; otherwise the
 * words `the value`. A message must never carry a secret that stands in the wrong field, nor control characters to a terminal.
 */
export function shown(value: string): string {
  return harmless(value) ? `"${value}"` : 'the value';
}

/** A key as a message may show it, by the same rule. */
export function shownKey(key: string): string {
  return harmless(key) ? key : '(a key that is not shown)';
}

function harmless(text: string): boolean {
  return /^[\w./:,[\] -]{1,64}$/.test(text) && !/:\/\/|^-/.test(text) && !looksRandom(text);
}

/** Keys, tokens, digests and good passwords: long runs of letters and digits, or mixtures that no name, path or address has. */
function looksRandom(text: string): boolean {
  const longRun = text.split(/[^A-Za-z0-9]/).some((part) => part.length > 24);
  const mixture = text
    .split(/[./:,[\] ]/)
    .some((part) => part.length >= 12 && /[0-9]/.test(part) && /[a-z]/.test(part) && /[A-Z]/.test(part));
  return longRun || mixture;
}
