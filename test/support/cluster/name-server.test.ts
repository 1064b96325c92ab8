import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startNameServer } from './name-server.ts';

test('a name server says so when its place is taken, or not to be had', async () => {
  const taken = createSocket('udp4');
  try {
    // Port 53 is for root alone; what matters is that it fails.
    await once(taken.bind(53, '127.0.0.153'), 'listening').catch(() => {});
    await expect(startNameServer('127.0.0.153', 'a.test', '10.0.0.1')).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:EADDRINUSE|EACCES)$/),
    });
  } finally {
    taken.close();
  }
});
