import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import type { Report } from '../cache.ts';
import { binaries } from '../release/binaries.ts';

/** A containerd of the test's own: it runs no containers. */
export interface TestContainerd {
  /** Path of its socket. */
  readonly socket: string;
  /** Below which `certs.d` is looked for. */
  readonly hostsDirectory: string;
  /** Runs `ctr`; never throws for what ctr says. */
  ctr(...words: string[]): Promise<{ readonly failed: boolean; readonly output: string }>;
  /** Digests of all content that it has. */
  content(): Promise<string[]>;
  stop(): Promise<void>;
}

/** The part that the kubelet talks to; without it containerd only keeps content and mounts nothing. */
const CRI = ['io.containerd.cri.v1.images', 'io.containerd.cri.v1.runtime', 'io.containerd.grpc.v1.cri'];

/** It would listen at one place for the whole machine. */
const NODE_RESOURCES = 'io.containerd.nri.v1.nri';

/** Starts the containerd of the test release with everything of its own in a temporary directory. */
export async function startContainerd(report: Report, { cri = false } = {}): Promise<TestContainerd> {
  const programs = await binaries({ name: 'containerd' }, report);
  const directory = await mkdtemp(join(tmpdir(), 'mk8s-ctd-'));
  const socket = join(directory, 'c.sock');
  const configuration = join(directory, 'config.toml');
  const hostsDirectory = join(directory, 'certs.d');
  await mkdir(hostsDirectory);
  await writeFile(
    configuration,
    [
      'version = 3',
      `root = "${directory}/root"`,
      `state = "${directory}/state"`,
      `disabled_plugins = ${JSON.stringify([NODE_RESOURCES, ...(cri ? [] : CRI)])}`,
      '[grpc]',
      `address = "${socket}"`,
      '',
    ].join('\n'),
  );
  const child = execa(
    'setpriv',
    ['--pdeathsig', 'KILL', '--', join(programs, 'containerd'), '--config', configuration],
    {
      stdin: 'ignore',
      stdout: 'ignore',
      reject: false,
      all: false,
    },
  );
  let log = '';
  let ended = false;
  child.stderr.on('data', (data: Buffer) => {
    log += data.toString();
  });
  const end = child.then(() => {
    ended = true;
  });

  const ctr = async (...words: string[]) => {
    const result = await execa(join(programs, 'ctr'), ['--address', socket, ...words], { reject: false, all: true });
    return { failed: result.failed, output: result.all };
  };
  const stop = async () => {
    child.kill('SIGTERM');
    await end;
    await rm(directory, { recursive: true });
  };
  for (let tries = 0; (await ctr('version')).failed; tries++) {
    if (ended || tries > 300) {
      await stop();
      throw new Error(`containerd does not answer:\n${log}`);
    }
    await sleep(100);
  }
  return {
    socket,
    hostsDirectory,
    ctr,
    content: async () =>
      (await ctr('content', 'ls', '--quiet')).output.split('\n').filter((line) => line.startsWith('sha256:')),
    stop,
  };
}
