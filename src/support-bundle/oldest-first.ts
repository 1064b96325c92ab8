/**
 * What `journalctl --reverse` prints in one of its short formats, in the order of time: so it is read, and a key over several entries is known by
 * its beginning and its end. Further lines of an entry are indented, and stay behind its first.
 */
export function oldestFirst(text: string): string {
  return text
    .split(/(?<=\n)(?! )/)
    .toReversed()
    .join('');
}
