/** How many bytes had come at some moments of the last seconds, the oldest first: enough to tell how fast it goes. */
export type Transfer = readonly Sample[];

interface Sample {
  /** Milliseconds of any clock. */
  readonly at: number;
  readonly done: number;
}

const WINDOW_MS = 10_000;

/** Samples that follow each other faster take each other's place. */
const SPACING_MS = 250;

const SHORTEST_MS = 1_000;

/** The transfer after one more look. A count that goes back is a new beginning. */
export function looked(transfer: Transfer, sample: Sample): Transfer {
  const [previous, last] = transfer.slice(-2);
  if (last !== undefined && sample.done < last.done) return [sample];
  const crowded = previous !== undefined && last !== undefined && last.at - previous.at < SPACING_MS;
  const samples = [...(crowded ? transfer.slice(0, -1) : transfer), sample];
  const firstInside = samples.findIndex(({ at }) => at >= sample.at - WINDOW_MS);
  return samples.slice(Math.max(0, Math.min(firstInside, samples.length - 2)));
}

/** `35.2 MiB/s, 14 s left`; empty while nobody can tell. */
export function pace(transfer: Transfer, total: number | undefined): string {
  const rate = rateOf(transfer);
  const last = transfer.at(-1);
  if (rate === undefined || last === undefined) return '';
  const text = `${mebibytes(rate)} MiB/s`;
  return total === undefined || rate === 0 ? text : `${text}, ${duration((total - last.done) / rate)} left`;
}

/** Bytes as people read them: `3.5`, `512`. */
export function mebibytes(bytes: number): string {
  const value = bytes / 1024 / 1024;
  return value < 99.95 ? value.toFixed(1) : String(Math.round(value));
}

/** Bytes a second. */
function rateOf(transfer: Transfer): number | undefined {
  const [first, last] = [transfer[0], transfer.at(-1)];
  if (first === undefined || last === undefined || last.at - first.at < SHORTEST_MS) return undefined;
  return ((last.done - first.done) / (last.at - first.at)) * 1000;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
