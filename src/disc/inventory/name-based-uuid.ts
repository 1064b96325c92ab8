import { createHash } from 'node:crypto';

/** The namespace for URLs that RFC 9562 (section 6.6) gives. */
const URLS = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';

/** A UUID that follows from a name alone: version 5 of RFC 9562 (section 5.5), by SHA-1, as its form demands. */
export function nameBasedUuid(name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(URLS.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest();
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const digits = bytes.toString('hex', 0, 16);
  return [0, 8, 12, 16, 20].map((start, index) => digits.slice(start, [8, 12, 16, 20, 32][index])).join('-');
}
