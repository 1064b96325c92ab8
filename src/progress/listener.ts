import type { TimedEvent } from '../events/event.ts';

/** Who shows or keeps what happens. What it is given is free of secrets and control characters already. */
export interface Listener {
  /** Never throws. */
  on(timed: TimedEvent): void;
  /** After the last event: resolves when everything is shown or kept. */
  close(): Promise<void>;
  /** Leaves at once, without waiting: the terminal is as it was found, what was kept stays. */
  leave(): void;
}

/** The part of a stream that listeners that write text need. */
export interface TextStream {
  write(text: string): unknown;
}

/** A terminal, which may change its size. */
export interface Terminal extends TextStream {
  readonly columns?: number;
  readonly rows?: number;
}
