import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

/** An nginx that runs as a child of the test. */
export interface RunningNginx {
  readonly port: number;
  /** What nginx has written to its error log so far. */
  log(): string;
  /** Resident memory of all its processes, bytes. */
  memory(): Promise<number>;
  /** Processor time that its workers have used so far, seconds. */
  processorTime(): Promise<number>;
  stop(): Promise<void>;
}

export interface NginxOptions {
  /** nginx's prefix, where its state goes too. */
  readonly directory: string;
  readonly port: number;
  /** Path of the configuration. */
  readonly configuration: string;
  /** Directives of the main block. */
  readonly globals?: string;
  /** The command that runs nginx as somebody else than root. */
  readonly user?: readonly string[];
}

/**
 * Starts nginx and waits until its port answers. It runs in a process namespace that ends with its parent, however that ends.
 * Throws with nginx's own words when it stops at its configuration.
 */
export async function startNginx(options: NginxOptions): Promise<RunningNginx> {
  const { directory, port, configuration, globals = '', user } = options;
  const main = `daemon off; ${user === undefined ? 'user root;' : ''} ${globals}`;
  const nginx = [...(user ?? []), 'nginx', '-p', directory, '-c', configuration, '-g', main];
  const namespace = ['unshare', '--pid', '--fork', '--kill-child=KILL', '--'];
  const child = execa('setpriv', ['--pdeathsig', 'KILL', '--', ...namespace, ...nginx], {
    stdin: 'ignore',
    stdout: 'ignore',
    reject: false,
  });
  let log = '';
  child.stderr.on('data', (data: Buffer) => {
    log += data.toString();
  });
  let ended = false;
  const end = child.then(() => {
    ended = true;
  });
  for (let tries = 0; !(await answers(port)); tries++) {
    if (ended || tries > 400) throw new Error(`nginx does not answer on port ${port}:\n${log}`);
    await sleep(10);
  }
  return {
    port,
    log: () => log,
    memory: () => residentMemory(child.pid),
    async processorTime() {
      const [master] = await childrenOf(child.pid);
      const times = await Promise.all((await childrenOf(master)).map(processorTimeOf));
      return times.reduce((sum, time) => sum + time, 0);
    },
    async stop() {
      // Killing `unshare` would leave the dead nginx to the machine's init, which need not care.
      for (const pid of await childrenOf(child.pid)) process.kill(pid, 'SIGTERM');
      await end;
    },
  };
}

/** What `nginx -t` says about a configuration: nothing when it is fine. */
export async function testConfiguration(directory: string, configuration: string): Promise<string> {
  const result = await execa('nginx', ['-t', '-q', '-p', directory, '-c', configuration, '-g', 'user root;'], {
    reject: false,
  });
  return result.failed || result.stderr !== '' ? `exit status ${result.exitCode}: ${result.stderr}` : '';
}

/** A port of the loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Writes files below a directory, making folders as needed. */
export async function writeFiles(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(directory, path, '..'), { recursive: true });
    await writeFile(join(directory, path), content);
  }
}

/** Waits, ten seconds at most, until somebody listens on a port of the loopback. */
export async function untilAnswered(port: number): Promise<void> {
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries > 1000) throw new Error(`nobody answers on port ${port}`);
    await sleep(10);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true)).once('error', () => settle(false));
  });
}

async function residentMemory(pid: number | undefined): Promise<number> {
  const [master] = await childrenOf(pid);
  const workers = await childrenOf(master);
  const sizes = await Promise.all([master, ...workers].map((process) => readFile(`/proc/${process}/status`, 'utf8')));
  return sizes.reduce((sum, status) => sum + Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024, 0);
}

/** Processor time that a process and its threads have used so far, seconds: fields 14 and 15 of `/proc/PID/stat`, in ticks of 10 ms. */
export async function processorTimeOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) / 100;
}

async function childrenOf(pid: number | undefined): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map(Number);
}
