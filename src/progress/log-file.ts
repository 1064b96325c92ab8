import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  type Stats,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { TimedEvent } from '../events/event.ts';
import { eventLine } from './event-line.ts';
import type { Listener } from './listener.ts';
import { rotate } from './rotate.ts';
import { jsonLine } from './to-ndjson.ts';

export interface LogFileOptions {
  readonly path: string;
  readonly format: 'text' | 'json';
  /** Bytes; the file is rotated before it would grow beyond them. */
  readonly maxBytes?: number;
  /** How many rotated files stay: `path.1` is the newest. */
  readonly keep?: number;
  /** Told once when the log can no longer be written: a full disk does not stop a run. */
  readonly onProblem: (message: string) => void;
}

const MiB = 1024 * 1024;

/**
 * Keeps everything in a file that only its owner can read, from its first moment, in a directory likewise. Several processes may write to
 * the same file. Throws USAGE when the path is a symbolic link, not a regular file, or another user's.
 */
export function logFile({ path, format, maxBytes = 10 * MiB, keep = 5, onProblem }: LogFileOptions): Listener {
  let file = openLog(path);
  let troubled = false;

  function append(text: string): void {
    if (isMoved(file, path)) reopen();
    const full = fstatSync(file);
    if (full.size > 0 && full.size + Buffer.byteLength(text) > maxBytes && rotate({ path, full, keep })) reopen();
    writeSync(file, text);
  }

  function reopen(): void {
    const next = openLog(path);
    closeSync(file);
    file = next;
  }

  return {
    on(timed) {
      try {
        append(`${format === 'json' ? jsonLine(timed) : textLine(timed)}\n`);
      } catch (error) {
        if (troubled) return;
        troubled = true;
        onProblem(`the log file ${path} cannot be written: ${(error as Error).message}`);
      }
    },
    close: async () => closeSync(file),
    leave: () => {},
  };
}

function textLine({ time, event }: TimedEvent): string {
  return `${time} ${eventLine(event, 'log')}`;
}

/** Whether another process has put a new file in the place of ours. */
function isMoved(file: number, path: string): boolean {
  const there = lstatSync(path, { throwIfNoEntry: false });
  const ours = fstatSync(file);
  return there === undefined || there.ino !== ours.ino || there.dev !== ours.dev;
}

/** No link is followed, and a pipe without a reader does not block. */
const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

function openLog(path: string): number {
  const file = openSafely(path);
  const problem = problemOf(fstatSync(file));
  if (problem === undefined) {
    fchmodSync(file, 0o600);
    return file;
  }
  closeSync(file);
  throw refusal(path, problem);
}

function openSafely(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, flags, 0o600);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ELOOP') throw refusal(path, 'it is a symbolic link');
    throw refusal(path, code === 'ENXIO' ? 'it is not a regular file' : message);
  }
}

function problemOf(stats: Stats): string | undefined {
  if (!stats.isFile()) return 'it is not a regular file';
  if (stats.uid !== process.geteuid?.()) return `it belongs to another user (uid ${stats.uid})`;
  return stats.nlink === 1 ? undefined : 'it has a second name (hard link)';
}

function refusal(path: string, why: string): MetalK8sError {
  return new MetalK8sError('USAGE', `the log file cannot be opened: ${why}`, {
    where: path,
    hint: 'Name another file with --log-file, in a directory that only you can write to.',
  });
}
