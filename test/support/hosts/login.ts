import { connect as connectTcp } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, WRONG_HOST_KEY } from './ssh-session.ts';
import type { Login } from './types.ts';

/**
 * Waits until a host lets us in.
 * @param isOn asked in between: a host that has gone off is not waited for
 * @throws when `timeoutMs` is over, the host went off, or it shows another key than its own
 */
export async function waitForLogin(login: Login, isOn: () => Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  let last: unknown;
  for (const deadline = Date.now() + timeoutMs; ; await sleep(30)) {
    if (await accepts(login.address, login.port)) {
      const client = await connect(login, () => undefined).catch((error: Error) => {
        last = error;
        return undefined;
      });
      if (client !== undefined) return void client.end();
      if (String(last).includes(WRONG_HOST_KEY)) throw last;
    }
    if (!(await isOn())) throw new Error(`host ${login.host} went off while it started`);
    if (Date.now() > deadline) {
      throw new Error(`host ${login.host} does not let us in after ${timeoutMs} ms: ${last ?? 'port 22 is closed'}`);
    }
  }
}

function accepts(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host: address, port, timeout: 500 });
    const answer = (value: boolean) => () => {
      socket.destroy();
      resolve(value);
    };
    socket.once('connect', answer(true)).once('error', answer(false)).once('timeout', answer(false));
  });
}
