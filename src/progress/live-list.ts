import { DefaultRenderer, Listr, ListrLogger } from 'listr2';
import type { Terminal } from './listener.ts';
import { createCell } from './live-cell.ts';
import { type Look, liveLook } from './live-look.ts';
import { createNotices } from './live-notices.ts';
import { detachable } from './live-screen.ts';
import type { Rows } from './rows.ts';

/** A list that is drawn again and again in its place. */
export interface LiveList {
  show(rows: Rows): void;
  /** A line under the rows; the last few stay visible until the end. */
  notice(line: string): void;
  /** Draws the rows for the last time, for good. */
  end(): Promise<void>;
  /** Stops drawing at once: what was drawn last stays, the cursor is shown, the next text starts on a line of its own. */
  leave(): void;
}

/** Starts to draw rows on a terminal. listr2 writes to this terminal only, hooks no signal, and ends nothing. */
export function startLiveList(first: Rows, terminal: Terminal, look: Look): LiveList {
  const screen = detachable(terminal);
  const withOutput = fits(2 * first.size, terminal);
  const cells = new Map([...first].map(([key, row]) => [key, createCell(row, { screen, withOutput })]));
  const notices = createNotices(screen);
  const draw = () => {
    for (const cell of cells.values()) cell.draw();
  };
  const list = new Listr([...[...cells.values()].map((cell) => cell.task), notices.task], {
    concurrent: true,
    exitOnError: false,
    registerSignalListeners: false,
    renderer: AlwaysLive,
    rendererOptions: {
      ...liveLook(look, draw),
      logger: new ListrLogger({ processOutput: screen.output }),
      formatOutput: 'truncate',
      showErrorMessage: false,
    },
  });
  const running = list.run();
  return {
    show(rows) {
      for (const [key, row] of rows) cells.get(key)?.show(row);
    },
    notice: notices.add,
    async end() {
      for (const cell of cells.values()) cell.end();
      notices.end();
      await running;
    },
    leave: screen.detach,
  };
}

/** listr2 asks whether standard output is a terminal; the list goes to standard error. */
class AlwaysLive extends DefaultRenderer {
  static override nonTTY = true;
}

/** Lines under the rows: an empty one, three notices, and the one that the cursor stands on. */
const BELOW = 5;

/** Whether so many rows can be drawn again in place: a terminal keeps no hold of what has scrolled off. */
export function fits(count: number, { rows = 24 }: Terminal): boolean {
  return count + BELOW <= rows;
}
