import { open } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import { lastLines } from '../../hosts/last-lines.ts';
import type { BuildContext } from '../build-context.ts';
import { tools } from '../tools.ts';

/** An nginx that serves on a socket of its own. */
export interface RunningNginx {
  /** Path of the socket, good in this process alone. */
  readonly socket: string;
  /** What it has said so far. */
  log(): string;
  stop(): Promise<void>;
}

export interface NginxOptions {
  /** nginx's prefix and working directory, which it may write to. */
  readonly directory: string;
  /** Path of the configuration, below it. It listens on `unix:SOCKET`, relative as it is. */
  readonly configuration: string;
  readonly socket: string;
}

const LONGEST_START = 30_000;

/**
 * Starts nginx as whoever we are, in one process that dies with this one, however that ends, and waits until it answers. Throws a
 * `STEP_FAILED` with its own words when it stops at its configuration.
 */
export async function startNginx(
  { directory, configuration, socket }: NginxOptions,
  { env, stop }: Pick<BuildContext, 'env' | 'stop'>,
): Promise<RunningNginx> {
  // Paths of sockets are short by nature (sun_path, unix(7)), those of caches are not: both sides name it relative to a folder.
  const folder = await open(directory, 'r');
  const child = execa(
    tools.setpriv.program,
    [
      ...['--pdeathsig', 'KILL', '--', tools.nginx.program, '-p', directory, '-c', configuration],
      // Without a master there is no worker that could outlive it.
      ...['-g', 'daemon off; master_process off;'],
    ],
    {
      cwd: directory,
      env: { ...env, LC_ALL: 'C.UTF-8' },
      extendEnv: false,
      stdin: 'ignore',
      stdout: 'ignore',
      reject: false,
      cancelSignal: stop,
      forceKillAfterDelay: 5000,
    },
  );
  let log = '';
  child.stderr.on('data', (data: Buffer) => {
    log = `${log}${data.toString('utf8')}`.slice(-64 * 1024);
  });
  let ended = false;
  const end = child.then(async () => {
    ended = true;
    await folder.close();
  });
  const path = `/proc/self/fd/${folder.fd}/${socket}`;
  const running = {
    socket: path,
    log: () => log,
    async stop() {
      child.kill('SIGTERM');
      await end;
    },
  };
  const deadline = performance.now() + LONGEST_START;
  while (!(await answers(path))) {
    if (ended || performance.now() > deadline) {
      await running.stop();
      stop.throwIfAborted();
      throw new MetalK8sError('STEP_FAILED', 'nginx does not start with the configuration of the registry', {
        where: configuration,
        hint: 'Look at what nginx says. When another version of nginx does not help either, this is a defect of metalk8s.',
        cause: new Error(lastLines(log, 20) || 'it said nothing'),
      });
    }
    await sleep(5);
  }
  return running;
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true)).once('error', () => settle(false));
  });
}
