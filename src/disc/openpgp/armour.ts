/** ASCII armour of RFC 9580, section 6.2, as GnuPG writes it: no headers, 64 characters a line, a checksum. */
const CHARACTERS_A_LINE = 64;
const CRC24_INITIAL = 0xb704ce;
const CRC24_POLYNOMIAL = 0x1864cfb;

/** What stands in the first line: `PGP SIGNATURE`. */
export type ArmourType = 'PGP SIGNATURE' | 'PGP PUBLIC KEY BLOCK';

const block = /-----BEGIN (PGP [A-Z ]+)-----[ \t]*\r?\n((?:[^-]|-(?!----))*)-----END \1-----/g;

/** The one way that we write armour. Ends with a newline. */
export function armour(type: ArmourType, content: Uint8Array): string {
  const base64 = Buffer.from(content).toString('base64');
  const lines = base64.match(new RegExp(`.{1,${CHARACTERS_A_LINE}}`, 'g')) ?? [];
  const checksum = Buffer.from(crc24(content)).toString('base64');
  return [`-----BEGIN ${type}-----`, '', ...lines, `=${checksum}`, `-----END ${type}-----`, ''].join('\n');
}

/** Whether a file is armoured, and not binary packets, whose first bit is set. */
export function isArmoured(content: Uint8Array): boolean {
  return ((content[0] ?? 0) & 0x80) === 0;
}

/**
 * The content of all armoured blocks of one type in a text, joined. Takes what people make of armour: text around it, headers, carriage
 * returns, a missing checksum. Throws a RangeError for a wrong checksum, for characters that are not base64, for other types of blocks and
 * when there is none.
 */
export function dearmour(type: ArmourType, text: string): Uint8Array {
  const blocks = [...text.matchAll(block)];
  if (blocks.length === 0) throw new RangeError(`there is no ${type}`);
  return Buffer.concat(
    blocks.map(([, found = '', body = '']) => {
      if (found !== type) throw new RangeError(`this is a ${found}, not a ${type}`);
      return dearmourBody(body);
    }),
  );
}

function dearmourBody(body: string): Uint8Array {
  const lines = body.split('\n').map((line) => line.trim());
  const blank = lines.indexOf('');
  const data = lines.slice(blank + 1).filter((line) => line !== '');
  const checksum = data.at(-1)?.startsWith('=') ? data.pop()?.slice(1) : undefined;
  const content = fromBase64(data.join(''));
  if (checksum !== undefined && !fromBase64(checksum).equals(crc24(content)))
    throw new RangeError('the checksum of the armour is wrong');
  return content;
}

function fromBase64(text: string): Buffer {
  const content = Buffer.from(text, 'base64');
  if (content.toString('base64') !== text) throw new RangeError('the armour is not base64');
  return content;
}

/** RFC 9580, section 6.1. */
function crc24(content: Uint8Array): Uint8Array {
  let crc = CRC24_INITIAL;
  for (const byte of content) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) {
      crc <<= 1;
      if (crc & 0x1000000) crc ^= CRC24_POLYNOMIAL;
    }
  }
  return Uint8Array.of((crc >> 16) & 0xff, (crc >> 8) & 0xff, crc & 0xff);
}
