/** Runs a piece of work as soon as it may. */
export type Limiter = <T>(work: () => Promise<T>) => Promise<T>;

/** Runs what it is given, at most `count` at once, the rest in the order of their coming. */
export function limiter(count: number): Limiter {
  let free = count;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
