import { type Detail, eventLine } from './event-line.ts';
import type { Listener, TextStream } from './listener.ts';

/** Plain lines, one or none for each event: for pipes, files, dumb terminals and lists longer than the terminal. */
export function toLines(stream: TextStream, detail: Detail): Listener {
  return {
    on({ event }) {
      const line = eventLine(event, detail);
      if (line !== undefined) stream.write(`${line}\n`);
    },
    close: async () => {},
    leave: () => {},
  };
}
