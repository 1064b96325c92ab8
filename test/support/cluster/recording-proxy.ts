import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** A proxy that leads nowhere, and writes down what it is asked. */
export interface RecordingProxy {
  readonly url: string;
  /** The first line of each request so far: `CONNECT registry.example.com:443 HTTP/1.1`. */
  readonly requests: readonly string[];
  close(): void;
}

/** Starts one on an address of this machine. */
export async function startRecordingProxy(address: string): Promise<RecordingProxy> {
  const requests: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (data) => {
      requests.push(data.toString('latin1').split('\r\n', 1)[0] ?? '');
      socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
    });
  });
  await once(server.listen(0, address), 'listening');
  return {
    url: `http://${address}:${(server.address() as AddressInfo).port}`,
    requests,
    close: () => void server.close(),
  };
}
