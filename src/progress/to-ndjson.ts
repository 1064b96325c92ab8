import type { TimedEvent } from '../events/event.ts';
import type { Listener, TextStream } from './listener.ts';

/** One JSON object a line: the event with its time first. */
export function toNdjson(stream: TextStream): Listener {
  return {
    on: (timed) => stream.write(`${jsonLine(timed)}\n`),
    close: async () => {},
    leave: () => {},
  };
}

export function jsonLine({ time, event }: TimedEvent): string {
  return JSON.stringify({ time, ...event });
}
