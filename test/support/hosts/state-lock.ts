import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PLAIN_ENVIRONMENT } from './machine-tool.ts';
import { STATE } from './records.ts';

let queue: Promise<unknown> = Promise.resolve();

/**
 * Runs `work` while no other process, and no other caller in this one, is in such a section.
 * It guards what all networks of the machine share: the sweep, and the machine's own settings.
 */
export async function withStateLock<T>(work: () => Promise<T>): Promise<T> {
  const turn = queue.then(() => lockedWork(work));
  queue = turn.catch(() => undefined);
  return turn;
}

/** The kernel's lock is held by a child that ends with us, whichever way we end: its standard input is closed then. */
async function lockedWork<T>(work: () => Promise<T>): Promise<T> {
  await mkdir(STATE, { recursive: true, mode: 0o700 });
  const holder = spawn('flock', [join(STATE, 'lock'), 'sh', '-c', 'echo locked; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...PLAIN_ENVIRONMENT },
  });
  const ended = once(holder, 'exit');
  try {
    await Promise.race([once(holder.stdout, 'data'), ended.then(() => Promise.reject(new Error('flock ended early')))]);
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
