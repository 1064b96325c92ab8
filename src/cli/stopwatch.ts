/** Gives a function that tells the milliseconds since then, whole ones. The clock of the host may be set meanwhile, as where it is first synchronised. */
export function stopwatch(): () => number {
  const started = performance.now();
  return () => Math.round(performance.now() - started);
}
