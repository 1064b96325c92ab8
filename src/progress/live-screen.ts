import { createWritable, ProcessOutput } from 'listr2';
import type { Terminal } from './listener.ts';

/** What listr2 draws on. It stands before the terminal, so that listr2 replaces this `write` and not that of the process. */
export interface Screen {
  readonly output: ProcessOutput;
  readonly columns: number;
  /** Ends all drawing. */
  detach(): void;
}

const SHOW_CURSOR = '\u001b[?25h';

export function detachable(terminal: Terminal): Screen {
  let attached = true;
  const stream = {
    isTTY: true,
    get columns() {
      return terminal.columns ?? 80;
    },
    get rows() {
      return terminal.rows ?? 24;
    },
    write(text: string) {
      if (attached) terminal.write(text);
      return true;
    },
  };
  return {
    output: new ProcessOutput(stream as unknown as NodeJS.WriteStream, createWritable(() => {}) as NodeJS.WriteStream),
    get columns() {
      return stream.columns;
    },
    detach() {
      if (attached) terminal.write(`${SHOW_CURSOR}\n`);
      attached = false;
    },
  };
}
