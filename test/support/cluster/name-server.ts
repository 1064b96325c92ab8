import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const HEADER_BYTES = 12;
const TYPE_A = 1;
const SECONDS = 60;

/** A name server that knows one name. */
export interface NameServer {
  /** What was asked so far, in lower case. */
  readonly asked: readonly string[];
  close(): void;
}

/** Starts one on port 53 of an address of this machine. It answers with `answer`, an IPv4 address, for `name` alone, see RFC 1035. */
export async function startNameServer(address: string, name: string, answer: string): Promise<NameServer> {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address: client }) => {
    const { labels, end } = questionOf(query);
    const question = labels.join('.').toLowerCase();
    asked.push(question);
    const found = question === name && query.readUInt16BE(end) === TYPE_A;
    const reply = Buffer.from(query.subarray(0, end + 4));
    // An answer with authority; no records but one of the answer's.
    reply.writeUInt16BE(0x8580, 2);
    for (const [place, count] of [1, found ? 1 : 0, 0, 0].entries()) reply.writeUInt16BE(count, 4 + 2 * place);
    // The name is where the question has it.
    const record = Buffer.from([
      0xc0,
      HEADER_BYTES,
      0,
      TYPE_A,
      0,
      1,
      0,
      0,
      0,
      SECONDS,
      0,
      4,
      ...answer.split('.').map(Number),
    ]);
    socket.send(found ? Buffer.concat([reply, record]) : reply, port, client);
  });
  // Something else may listen there for all addresses: once() fails with that.
  await once(socket.bind(53, address), 'listening');
  return { asked, close: () => void socket.close() };
}

/** The labels of the first question, and where its type stands. */
function questionOf(query: Buffer): { readonly labels: readonly string[]; readonly end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { labels, end: at + 1 };
}
