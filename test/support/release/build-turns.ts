import { type Limiter, limiter } from './limiter.ts';

/** Two at once: one compiles while another links, which one core does alone. */
const oneOfTwo = limiter(2);

/** Parts of one module follow each other: at once, they would both compile what they share. */
const turns = new Map<string, Limiter>();

/** Whether this process is about to leave. */
let over = false;

/**
 * Runs a build when no other of its turn runs in this process and a place is free; without a turn, at once.
 * Throws when none is to begin any more.
 */
export function inTurn<T>(name: string | undefined, build: () => Promise<T>): Promise<T> {
  const begin = async () => {
    if (over) throw new Error('no build begins any more');
    return build();
  };
  if (!name) return begin();
  const turn = turns.get(name) ?? limiter(1);
  turns.set(name, turn);
  return turn(() => oneOfTwo(begin));
}

/** For who leaves and ends the builds that run: each would make room for the next. */
export function beginNoMoreBuilds(): void {
  over = true;
}
