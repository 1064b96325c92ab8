import type { Possession } from '../plan/possession.ts';

export type { Possession };

/** What `reset` has to know and cannot see afterwards. Entries stay from run to run; each is durable before `add` returns. */
export interface Possessions {
  /** Notes what is not noted yet. */
  add(entries: readonly Possession[]): Promise<void>;
  list(): readonly Possession[];
}
