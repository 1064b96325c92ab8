import type { StepProgress, TimedEvent } from '../events/event.ts';
import { type Detail, eventLine, name, progress } from './event-line.ts';
import type { Listener, TextStream } from './listener.ts';
import { looked, type Transfer } from './transfer.ts';

/** How often a transfer is told that has no place of its own on the screen. */
const TELL_EVERY_MS = 10_000;

/** Plain lines, one or none for each event: for pipes, files, dumb terminals and lists longer than the terminal. */
export function toLines(stream: TextStream, detail: Detail): Listener {
  const transferLine = tellTransfers();
  return {
    on(timed) {
      const { event } = timed;
      const line = event.type === 'step-progress' ? transferLine(event, timed) : eventLine(event, detail);
      if (line !== undefined) stream.write(`${line}\n`);
    },
    close: async () => {},
    leave: () => {},
  };
}

/** Lines for long transfers of bytes, every now and then. Steps that count other things are told when they end. */
function tellTransfers(): (event: StepProgress, timed: TimedEvent) => string | undefined {
  const running = new Map<string, { readonly transfer: Transfer; readonly told: number }>();
  return (event, { time }) => {
    if (event.unit !== 'bytes') return undefined;
    const at = Date.parse(time);
    const key = name(event.step);
    const { transfer, told } = running.get(key) ?? { transfer: [], told: at };
    const next = looked(transfer, { at, done: event.done });
    const due = at - told >= TELL_EVERY_MS;
    running.set(key, { transfer: next, told: due ? at : told });
    return due ? `${key}: ${progress(event, next)}` : undefined;
  };
}
