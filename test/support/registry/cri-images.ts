import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';

/** An image as the kubelet is told of it. */
export interface CriImage {
  readonly tags: readonly string[];
  readonly digests: readonly string[];
  readonly pinned: boolean;
}

/** Asks a container runtime as the kubelet does: `runtime.v1.ImageService/ListImages` of the CRI, by gRPC over its socket. */
export async function criImages(socket: string): Promise<CriImage[]> {
  return fields(await call(socket, '/runtime.v1.ImageService/ListImages')).map(({ value }) => {
    const parts = fields(value as Buffer);
    const texts = (number: number) => parts.filter((part) => part.number === number).map((part) => String(part.value));
    return {
      tags: texts(2),
      digests: texts(3),
      pinned: parts.some(({ number, value }) => number === 8 && value === 1),
    };
  });
}

/** A call with an empty request. A message of gRPC follows a byte for compression and its length, four bytes. */
function call(socket: string, path: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2('http://localhost', { createConnection: () => connect(socket) });
    session.on('error', reject);
    const request = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const parts: Buffer[] = [];
    let status = 'no status';
    request
      .on('trailers', (trailers) => {
        status = `${trailers['grpc-status']} ${trailers['grpc-message'] ?? ''}`;
      })
      .on('data', (part: Buffer) => parts.push(part))
      .on('error', reject)
      .on('close', () => {
        session.close();
        if (status.startsWith('0')) resolve(Buffer.concat(parts).subarray(5));
        else reject(new Error(`${path}: ${status}`));
      })
      .end(Buffer.alloc(5));
  });
}

interface Field {
  readonly number: number;
  readonly value: number | Buffer;
}

/** The fields of a message of protocol buffers, of the two kinds that occur: numbers, and what has a length. */
function fields(message: Buffer): Field[] {
  const found: Field[] = [];
  let position = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[position++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (position < message.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const length = varint();
    if (tag % 8 === 0) found.push({ number, value: length });
    else {
      found.push({ number, value: message.subarray(position, position + length) });
      position += length;
    }
  }
  return found;
}
