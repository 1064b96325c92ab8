import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of plain HTTP that answers paths as a test tells it to: what no sane registry would do. */
export interface OddRegistry {
  readonly port: number;
  close(): Promise<void>;
}

/** Answers by the last part of the path: a tag, or a digest. `/v2/` is answered as registries do. */
export async function oddRegistry(
  answers: Readonly<Record<string, (response: ServerResponse) => void>>,
): Promise<OddRegistry> {
  const server = createServer(({ url = '' }, response) => {
    const answer = url === '/v2/' ? (blank: ServerResponse) => blank.end('{}') : answers[url.split('/').at(-1) ?? ''];
    if (answer === undefined) response.writeHead(404).end();
    else answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
