import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import type { CommandTable } from '../../src/cli/command.ts';
import { main } from '../../src/cli/main.ts';

export interface MainResult {
  readonly exit: number;
  /** The program ended the process, with this status, while its command was still at work. */
  readonly left?: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface MainOptions {
  readonly table?: CommandTable;
  readonly env?: Readonly<Record<string, string>>;
  readonly signals?: EventEmitter;
}

/** Runs the whole program in this process, with streams of its own. */
export async function runMain(argv: readonly string[], options: MainOptions = {}): Promise<MainResult> {
  const stdout = new Kept();
  const stderr = new Kept();
  const { env = {}, signals = new EventEmitter(), table } = options;
  const left: number[] = [];
  const openStdin = () => Readable.from([]);
  const invocation = { argv, env, openStdin, stdout, stderr, signals, exit: (status: number) => left.push(status) };
  const exit = await main(invocation, table);
  return { exit, stdout: stdout.text, stderr: stderr.text, ...(left[0] === undefined ? {} : { left: left[0] }) };
}

class Kept extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
