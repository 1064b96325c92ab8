import { canonicalSignature } from './openpgp/signature.ts';
import { refuse } from './refuse.ts';

/**
 * Bytes at the start of an ISO image that ECMA-119 (section 6.2.1) leaves to whoever makes it. There stand the sum of the image, in which
 * these bytes count as zeros, and a signature of it.
 */
export const IMAGE_HEADER_SIZE = 32_768;
const SECTOR = 2048;
const FIRST_LINE = 'metalk8s-image 1';

/** What the header of an image says. */
export interface ImageHeader {
  /** Bytes of the whole image. */
  readonly size: number;
  /** 64 hexadecimal digits, of the whole image with its header as zeros. */
  readonly sha256: string;
  /** Armoured, over `signedText`; left out where nobody signed. */
  readonly signature?: string;
}

const pattern = /^metalk8s-image 1\nsize ([1-9]\d{4,15})\nsha256 ([0-9a-f]{64})\n/;

/** The lines that are signed: what this is, how long, and its sum. */
export function signedText({ size, sha256 }: Pick<ImageHeader, 'size' | 'sha256'>): string {
  return `${FIRST_LINE}\nsize ${size}\nsha256 ${sha256}\n`;
}

/**
 * The first 32768 bytes of an image, for these values one sequence of bytes only: the signed lines, the signature, zeros. A signature comes
 * as gpg gives it, armoured or binary. Throws a RangeError for a signature, size or sum that cannot stand there.
 */
export function renderImageHeader(
  header: Pick<ImageHeader, 'size' | 'sha256'> & { readonly signature?: Uint8Array | string },
): Uint8Array {
  const text = signedText(header);
  if (!pattern.test(text) || !isImageSize(header.size)) throw new RangeError(`no header of an image: ${text}`);
  const signature = header.signature === undefined ? '' : canonicalSignature(Buffer.from(header.signature));
  const content = Buffer.from(text + signature, 'latin1');
  if (content.length > IMAGE_HEADER_SIZE) throw new RangeError('the signature does not fit into the header');
  const bytes = new Uint8Array(IMAGE_HEADER_SIZE);
  bytes.set(content);
  return bytes;
}

/**
 * Reads the first 32768 bytes of an image. Throws a `VERIFICATION_FAILED` unless every one of them is as `renderImageHeader` gives it.
 * Whether its signature is good is not judged here.
 */
export function parseImageHeader(bytes: Uint8Array, where: string): ImageHeader {
  const text = Buffer.from(bytes).toString('latin1');
  const [lines = '', size = '', sha256 = ''] = pattern.exec(text) ?? [];
  if (bytes.length !== IMAGE_HEADER_SIZE || lines === '' || !isImageSize(Number(size)))
    throw refuse(
      text.startsWith('metalk8s-image ')
        ? 'the header of the image is damaged'
        : 'this is no archive of metalk8s: an image begins with "metalk8s-image 1"',
      where,
      'Give a whole ISO file. If it came in parts, have all of them in one folder and name the first.',
    );
  const end = text.indexOf('\0');
  const signature = text.slice(lines.length, end < 0 ? undefined : end);
  const header = { size: Number(size), sha256, ...(signature === '' ? {} : { signature }) };
  if (!Buffer.from(bytes).equals(rendered(header, where))) throw damaged(where);
  return header;
}

function rendered(header: ImageHeader, where: string): Uint8Array {
  try {
    return renderImageHeader(header);
  } catch (error) {
    throw damaged(where, error);
  }
}

function damaged(where: string, cause?: unknown): Error {
  const why = cause instanceof RangeError ? `: ${cause.message}` : '';
  return refuse(`the header of the image is damaged${why}`, where, 'Copy the archive again from where it is intact.');
}

function isImageSize(size: number): boolean {
  return Number.isSafeInteger(size) && size > IMAGE_HEADER_SIZE && size % SECTOR === 0;
}
