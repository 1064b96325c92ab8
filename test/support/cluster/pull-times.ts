/** A stretch of time, in milliseconds since 1970. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * When containerd pulled images, in the order of its log: lines such as
 * `time="…" level=info msg="Pulled image \"registry.k8s.io/etcd:3.6.8-0\" with image id …, size \"1\" in 1.203s"`.
 */
export function pullTimes(log: string): readonly Stretch[] {
  return [...log.matchAll(/time="([^"]+)" level=info msg="Pulled image .* in ([\w.µ]+)"/g)].map(
    ([, time = '', duration = '']) => {
      const to = Date.parse(time);
      return { from: to - milliseconds(duration), to };
    },
  );
}

/** How much of a stretch is covered by any of the others, in milliseconds. */
export function coveredBy(others: readonly Stretch[], { from, to }: Stretch): number {
  let covered = 0;
  let end = from;
  for (const other of others.toSorted((left, right) => left.from - right.from)) {
    const [start, stop] = [Math.max(end, other.from), Math.min(to, other.to)];
    if (stop <= start) continue;
    covered += stop - start;
    end = stop;
  }
  return covered;
}

/** A duration as Go writes it: `1m2.5s`, `870.21ms`, `12µs`. Throws for any other text. */
function milliseconds(duration: string): number {
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, µs: 0.001, ns: 1e-6 };
  const parts = [...duration.matchAll(/([\d.]+)(h|ms|m|s|µs|ns)/g)];
  if (parts.map(([part]) => part).join('') !== duration || parts.length === 0)
    throw new Error(`${duration} is no duration`);
  return parts.reduce((sum, [, number, unit = '']) => sum + Number(number) * (units[unit] ?? 0), 0);
}
