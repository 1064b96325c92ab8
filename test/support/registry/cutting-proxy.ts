import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a client and a server of plain HTTP, writes down what is asked, and cuts a connection in the middle of a body. */
export interface CuttingProxy {
  readonly port: number;
  /** `GET /path` and the value of `Range`, if any, of each request so far. */
  readonly requests: readonly { readonly line: string; readonly range: string | undefined }[];
  /** From now on, so many connections end once they have carried so many bytes to the client. */
  cut(connections: number, afterBytes: number): void;
  /** From now on, connections stand still once they have carried so many bytes to the client. */
  stall(afterBytes: number): void;
  close(): Promise<void>;
}

export async function cuttingProxy(target: number): Promise<CuttingProxy> {
  const requests: { line: string; range: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  let cuts = 0;
  let limit = 0;
  let standstill = Number.POSITIVE_INFINITY;

  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    let carried = 0;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    }
    client.on('data', (data) => {
      const head = data.toString('latin1');
      const line = /^(?:GET|HEAD) \S+/.exec(head)?.[0];
      if (line !== undefined) requests.push({ line, range: /^range: (.*)\r$/im.exec(head)?.[1] });
      upstream.write(data);
    });
    upstream.on('data', (data) => {
      carried += data.length;
      if (carried > standstill) upstream.pause();
      if (cuts > 0 && carried > limit) {
        cuts -= 1;
        client.destroy();
        upstream.destroy();
      } else if (!client.write(data)) {
        upstream.pause();
        client.once('drain', () => carried <= standstill && upstream.resume());
      }
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    cut(connections, afterBytes) {
      cuts = connections;
      limit = afterBytes;
    },
    stall(afterBytes) {
      standstill = afterBytes;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
