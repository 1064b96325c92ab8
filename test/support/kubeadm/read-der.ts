/** One element of a DER encoding (X.690). */
export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
}

/** An extension of a certificate. */
export interface Extension {
  readonly critical: boolean;
  /** The DER encoding inside its octet string. */
  readonly value: Buffer;
}

const TAG = { boolean: 0x01, bitString: 0x03, objectId: 0x06, extensions: 0xa3 };

/** The elements that follow each other in a constructed element's content. Throws when lengths do not fit. */
export function readDer(content: Buffer): DerElement[] {
  const elements: DerElement[] = [];
  for (let offset = 0; offset < content.length; ) {
    const tag = content.readUInt8(offset);
    const first = content.readUInt8(offset + 1);
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    const length = lengthBytes === 0 ? first : content.readUIntBE(offset + 2, lengthBytes);
    const start = offset + 2 + lengthBytes;
    if (start + length > content.length) throw new Error(`DER element at ${offset} is longer than what holds it`);
    elements.push({ tag, content: content.subarray(start, start + length) });
    offset = start + length;
  }
  return elements;
}

/** The extensions of an X.509 certificate (RFC 5280, section 4.1) by object identifier, and its signature algorithm's. */
export function readCertificate(der: Buffer): {
  signatureAlgorithm: string;
  extensions: ReadonlyMap<string, Extension>;
} {
  const [toBeSigned, algorithm] = children(readDer(der)[0]);
  const list = children(toBeSigned).find(({ tag }) => tag === TAG.extensions);
  const extensions = new Map<string, Extension>();
  for (const extension of children(children(list)[0])) {
    const parts = children(extension);
    const critical = parts.some(({ tag, content }) => tag === TAG.boolean && content[0] !== 0);
    const value = parts.at(-1)?.content ?? Buffer.alloc(0);
    extensions.set(objectId(parts[0]), { critical, value });
  }
  return { signatureAlgorithm: objectId(children(algorithm)[0]), extensions };
}

/** The numbers of the bits that are set in a DER bit string. */
export function bits(encoded: Buffer): number[] {
  const element = readDer(encoded)[0];
  if (element?.tag !== TAG.bitString) throw new Error('not a DER bit string');
  return [...element.content.subarray(1)].flatMap((byte, index) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => byte & (0x80 >> bit)).map((bit) => index * 8 + bit),
  );
}

function children(element: DerElement | undefined): DerElement[] {
  return readDer(element?.content ?? Buffer.alloc(0));
}

function objectId(element: DerElement | undefined): string {
  if (element?.tag !== TAG.objectId) throw new Error('not a DER object identifier');
  const numbers: number[] = [];
  let value = 0;
  for (const byte of element.content) {
    value = value * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    numbers.push(value);
    value = 0;
  }
  const [first = 0, ...rest] = numbers;
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...rest].join('.');
}
