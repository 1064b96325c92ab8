import { MAX_CHARACTERS } from './parse-document.ts';

/** No UTF-8 text with the greatest number of characters has more bytes. */
export const MAX_BYTES = MAX_CHARACTERS * 3;

/** Bytes as UTF-8 text with its byte order mark, if any; undefined when they are not UTF-8. */
export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
