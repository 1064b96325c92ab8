import type { StepProgress, StepWaiting, TimedEvent } from '../events/event.ts';
import { type Detail, eventLine, indented, name, progress, seconds } from './event-line.ts';
import type { Listener, TextStream } from './listener.ts';
import { looked, type Transfer } from './transfer.ts';

/** How often a transfer is told that has no place of its own on the screen. */
const TELL_EVERY_MS = 10_000;

/** Plain lines, one or none for each event: for pipes, files, dumb terminals and lists longer than the terminal. */
export function toLines(stream: TextStream, detail: Detail): Listener {
  const transferLine = tellTransfers();
  const waitingLine = tellWaits();
  const lineOf = (timed: TimedEvent): string | undefined => {
    const { event } = timed;
    if (event.type === 'step-progress') return transferLine(event, timed);
    return (event.type === 'step-waiting' ? waitingLine(event, timed) : undefined) ?? eventLine(event, detail);
  };
  return {
    on(timed) {
      const line = lineOf(timed);
      if (line !== undefined) stream.write(`${line}\n`);
    },
    close: async () => {},
    leave: () => {},
  };
}

/** What is waited for is told once; from then on, what is seen and for how long by then. Undefined: it is the first time. */
function tellWaits(): (event: StepWaiting, timed: TimedEvent) => string | undefined {
  const told = new Map<string, string>();
  return ({ step, for: awaited, since, seen }, { time }) => {
    const key = name(step);
    const wait = `${awaited} ${since}`;
    if (told.get(key) !== wait || seen === undefined) {
      told.set(key, wait);
      return undefined;
    }
    return indented(`${key}: still waiting after ${seconds(Date.parse(time) - Date.parse(since))}: ${seen}`);
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
