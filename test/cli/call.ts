import { EventEmitter } from 'node:events';
import { Writable } from 'node:stream';
import { main } from '../../src/cli/main.ts';

/** What a call of the program left behind. */
export interface Called {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program in this process with these arguments, and keeps what it writes. */
export async function call(...argv: readonly string[]): Promise<Called> {
  const [stdout, stderr] = [new Kept(), new Kept()];
  const exit = await main({ argv, env: {}, stdout, stderr, signals: new EventEmitter() });
  return { exit, stdout: stdout.text, stderr: stderr.text };
}

class Kept extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
