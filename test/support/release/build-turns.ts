import { type Limiter, limiter } from './limiter.ts';

/** Two at once: one compiles while another links, which one core does alone. */
const oneOfTwo = limiter(2);

/** Parts of one module follow each other: at once, they would both compile what they share. */
const turns = new Map<string, Limiter>();

/** Runs a build when no other of its turn runs in this process and a place is free; without a turn, at once. */
export function inTurn<T>(name: string | undefined, build: () => Promise<T>): Promise<T> {
  if (!name) return build();
  const turn = turns.get(name) ?? limiter(1);
  turns.set(name, turn);
  return turn(() => oneOfTwo(build));
}
