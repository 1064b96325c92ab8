import type { TimedEvent } from '../events/event.ts';
import { eventLine } from './event-line.ts';
import type { Listener, Terminal } from './listener.ts';
import { fits, type LiveList, startLiveList } from './live-list.ts';
import type { Look } from './live-look.ts';
import { advance, type Rows, rowsOf } from './rows.ts';
import { toLines } from './to-lines.ts';

/**
 * A row for each host that changes in its place. Plain lines before a run has started, when there are more rows than the terminal
 * holds (also when it shrinks under way), and after leaving.
 */
export function toListr(terminal: Terminal, look: Look): Listener {
  const lines = toLines(terminal, 'screen');
  const untilEnd: TimedEvent[] = [];
  let rows: Rows = new Map();
  let live: LiveList | undefined;

  function leave(): void {
    live?.leave();
    live = undefined;
    for (const timed of untilEnd.splice(0)) lines.on(timed);
  }

  function draw(list: LiveList, timed: TimedEvent): void {
    const { event } = timed;
    if (event.type === 'warning' || event.type === 'run-finished') untilEnd.push(timed);
    if (event.type === 'warning' || event.type === 'run-stopping') list.notice(eventLine(event, 'screen') ?? '');
    rows = advance(rows, event, Date.now());
    list.show(rows);
  }

  return {
    on(timed) {
      const { event } = timed;
      if (live !== undefined && !fits(rows.size, terminal)) leave();
      if (live !== undefined) return draw(live, timed);
      lines.on(timed);
      if (event.type !== 'run-started') return;
      rows = rowsOf(event);
      if (rows.size > 0 && fits(rows.size, terminal)) live = startLiveList(rows, terminal, look);
    },
    async close() {
      await live?.end();
      live = undefined;
      for (const timed of untilEnd.splice(0)) lines.on(timed);
    },
    leave,
  };
}
