/** Reads the times that dd printed on its standard error, one for each write: milliseconds, ascending; null: none. */
export function readWriteLatencies(text: string | null): readonly number[] | null {
  const seconds = [...(text ?? '').matchAll(/ copied, (\d[\d.e+-]*) s, /g)].map(([, number]) => Number(number));
  const times = seconds.filter(Number.isFinite).map((time) => Math.round(time * 1e6) / 1e3);
  return times.length === 0 ? null : times.sort((one, other) => one - other);
}
