/** Certificates know whole seconds, and a file's time may lie some milliseconds behind the clock. */
const SLACK_MS = 1000;

/** Whole minutes in a span of milliseconds, rounded down but for a second of slack. */
export function wholeMinutes(milliseconds: number): number {
  return Math.floor((milliseconds + SLACK_MS) / 60_000);
}
