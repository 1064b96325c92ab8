import { Client, type ClientChannel } from 'ssh2';
import { commandLine } from './shell-words.ts';
import type { Command, Login, RunOptions, RunResult } from './types.ts';

const DEFAULT_TIMEOUT_MS = 600_000;

/** The host answered with another key than the one it was made with. */
export const WRONG_HOST_KEY = 'wrong host key';

/** One connection to a host, opened when it is first needed and again after it was lost. */
export interface SshSession {
  run(command: Command, options?: RunOptions): Promise<RunResult>;
  close(): void;
}

/** @param beforeLogin called before each login; throws where it would be in vain */
export function sshSession(login: Login, beforeLogin: () => Promise<void>): SshSession {
  let client: Promise<Client> | undefined;
  const forget = () => {
    client = undefined;
  };
  const close = () => {
    client?.then((connected) => connected.destroy()).catch(() => undefined);
    forget();
  };
  const connected = () => {
    client ??= beforeLogin().then(() => connect(login, forget));
    return client.catch((error: unknown) => {
      forget();
      throw error;
    });
  };
  return {
    close,
    run: async (command, options = {}) => {
      const running: Running = { what: `${login.host}: ${commandLine(command)}`, command, options, stderr: [] };
      const { timeoutMs = DEFAULT_TIMEOUT_MS } = options;
      const timer = Promise.withResolvers<never>();
      const timeout = setTimeout(() => {
        // Without a channel by now, the connection is of no use.
        if (running.channel === undefined) close();
        else killCommand(running.channel);
        timer.reject(new Error(`${running.what}\ndid not end within ${timeoutMs} ms\n${text(running.stderr)}`));
      }, timeoutMs);
      const work = connected().then((open) => execute(open, running));
      return Promise.race([work, timer.promise]).finally(() => clearTimeout(timeout));
    },
  };
}

/** Logs in. Fails within `readyTimeoutMs`; a key other than the pinned one is refused before anything is sent. */
export async function connect(login: Login, onClose: () => void, readyTimeoutMs = 20_000): Promise<Client> {
  const client = new Client();
  const pinned = login.hostKey.split(' ')[1];
  let refused = false;
  return new Promise((resolve, reject) => {
    client.on('ready', () => {
      // Small requests would wait some 40 ms for the acknowledgement of the one before.
      client.setNoDelay(true);
      resolve(client);
    });
    client.on('error', (error) => {
      reject(loginError(login, refused ? WRONG_HOST_KEY : error.message));
    });
    client.on('close', () => {
      onClose();
      reject(loginError(login, 'the connection was closed'));
    });
    client.connect({
      host: login.address,
      port: login.port,
      username: login.user,
      privateKey: login.privateKey,
      readyTimeout: readyTimeoutMs,
      keepaliveInterval: 5000,
      keepaliveCountMax: 3,
      hostVerifier: (key: Buffer) => {
        refused = key.toString('base64') !== pinned;
        return !refused;
      },
    });
  });
}

function loginError({ host, user, address, port }: Login, reason: string): Error {
  return new Error(`cannot log in to host ${host} as ${user}@${address}:${port}: ${reason}`);
}

/** A command on its way. */
interface Running {
  readonly what: string;
  readonly command: Command;
  readonly options: RunOptions;
  readonly stderr: Buffer[];
  channel?: ClientChannel;
}

function execute(client: Client, running: Running): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    // A quick command has ended before another turn of the event loop: its channel is listened to in this very one.
    client.exec(commandLine(running.command), (error, channel) => {
      if (error) reject(error);
      else collect(channel, running).then(resolve, reject);
    });
  });
}

function collect(channel: ClientChannel, running: Running): Promise<RunResult> {
  const { what, stderr } = running;
  const { input = '', check = true } = running.options;
  const stdout: Buffer[] = [];
  let exitCode: number | undefined;
  running.channel = channel;
  return new Promise((resolve, reject) => {
    channel.on('data', (data: Buffer) => stdout.push(data));
    channel.stderr.on('data', (data: Buffer) => stderr.push(data));
    channel.on('exit', (code: number | null) => {
      exitCode = code ?? 255;
    });
    channel.on('close', () => {
      if (exitCode === undefined)
        return reject(new Error(`${what}\nlost its connection before it ended\n${text(stderr)}`));
      const result = { stdout: text(stdout), stderr: text(stderr), exitCode };
      if (check && exitCode !== 0) return reject(failure(what, result));
      return resolve(result);
    });
    if (typeof input === 'string' || Buffer.isBuffer(input)) channel.end(input);
    else input.once('error', reject).pipe(channel);
  });
}

function killCommand(channel: ClientChannel): void {
  channel.signal('KILL');
  channel.close();
}

function failure(what: string, { stdout, stderr, exitCode }: RunResult): Error {
  return new Error(`${what}\nexit code ${exitCode}\n${stderr}${stderr === '' ? stdout.slice(-4000) : ''}`);
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}
