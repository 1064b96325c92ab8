import { readFile, readlink } from 'node:fs/promises';
import { processStart } from '../hosts/process-start.ts';

/**
 * The name of this very process: it is never that of another one, before or after, on this machine. For what is to be cleared away when its
 * owner has died.
 */
export async function ownMark(): Promise<string> {
  const start = await startTimeOf(process.pid);
  return [await bootId(), await namespaceId(), process.pid, start].join('-');
}

/** What can be told about the process of a mark. `unknown`: it belongs to another namespace of processes, or this is no mark. */
export async function stateOf(mark: string): Promise<'alive' | 'dead' | 'unknown'> {
  const [, boot, namespace, pid, start] = /^([0-9a-f]{12})-(\d+)-(\d+)-(\d+)$/.exec(mark) ?? [];
  if (boot === undefined) return 'unknown';
  if (boot !== (await bootId())) return 'dead';
  if (namespace !== (await namespaceId())) return 'unknown';
  return (await startTimeOf(Number(pid))) === start ? 'alive' : 'dead';
}

/** A name of the time since the machine was started. */
export async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim().slice(-12);
}

async function namespaceId(): Promise<string> {
  return (await readlink('/proc/self/ns/pid')).replace(/\D/g, '');
}

/** See `processStart`. Undefined for a process that has ended. */
async function startTimeOf(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : processStart(text);
}
