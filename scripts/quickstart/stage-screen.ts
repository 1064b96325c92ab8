import { fitted } from '../../src/progress/fitted.ts';

/** Where stages are shown: a terminal, whose last line is drawn again and again, or anything that takes text. */
export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Something that takes a while. */
interface Stage {
  readonly title: string;
  /** How long it usually takes: `40 minutes the first time, then a second`. */
  readonly usually: string;
  /** It writes to the screen itself. */
  readonly writes?: boolean;
}

export interface StageScreen {
  /** Tells that the stage begins, what it reports, and when it is done. Throws what the work throws; begins nothing after `stop`. */
  run<Value>(stage: Stage, work: (report: (text: string) => void) => Promise<Value>): Promise<Value>;
}

const TICK_MS = 1000;
/** Without a terminal, a long silence is broken now and then. */
const SILENCE_MS = 60_000;

interface Staging {
  readonly screen: Screen;
  readonly total: number;
  /** Is given each line that is shown. */
  readonly keep: (line: string) => void;
  readonly stop: AbortSignal;
}

/** Shows stages, one after another. */
export function stageScreen({ screen, total, keep, stop }: Staging): StageScreen {
  let number = 0;
  return {
    async run({ title, usually, writes = false }, work) {
      stop.throwIfAborted();
      number += 1;
      say(`[${number}/${total}] ${title} (${usually})`);
      const began = Date.now();
      const live = screen.isTTY && !writes ? liveLine(screen, began) : plainLines(screen, began, writes);
      try {
        const value = await work((text) => {
          for (const line of text.split('\n')) {
            keep(line);
            live.show(line);
          }
        });
        live.end();
        say(`      done after ${duration(Date.now() - began)}`);
        return value;
      } catch (error) {
        live.end();
        say(`      failed after ${duration(Date.now() - began)}`);
        throw error;
      }
    },
  };

  function say(line: string): void {
    keep(line);
    screen.write(`${line}\n`);
  }
}

interface Live {
  show(line: string): void;
  end(): void;
}

/** One line, with what was reported last and for how long the stage runs. */
function liveLine(screen: Screen, began: number): Live {
  let last = '';
  const draw = () => {
    const elapsed = duration(Date.now() - began);
    const text = fitted(last === '' ? elapsed : `${elapsed}: ${last}`, screen.columns || 80);
    screen.write(`\r\u001b[K      ${text}`);
  };
  const timer = setInterval(draw, TICK_MS);
  return {
    show(line) {
      last = line;
      draw();
    },
    end() {
      clearInterval(timer);
      screen.write('\r\u001b[K');
    },
  };
}

function plainLines(screen: Screen, began: number, writes: boolean): Live {
  const timer = setInterval(() => {
    if (!writes) screen.write(`      still at it after ${duration(Date.now() - began)}\n`);
  }, SILENCE_MS);
  return {
    show(line) {
      timer.refresh();
      screen.write(`      ${line}\n`);
    },
    end: () => clearInterval(timer),
  };
}

/** `12 s`, `3 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
