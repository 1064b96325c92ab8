import type { Step } from '../plan.ts';
import type { UndoAction } from '../undo-kinds.ts';

export type MakeUndoStep = ReturnType<typeof undoStepsOn>;

/** Makes steps of a host. None disrupts anything: whoever resets has given the cluster up. */
export function undoStepsOn(host: string) {
  return (id: string, title: string, reason: string, action: UndoAction): Step => ({
    id,
    host,
    title,
    reason,
    disrupts: null,
    ...action,
  });
}

/** One step for all that was found; none where there is nothing. */
export function ifAny<Item, Made>(found: readonly Item[], make: (found: readonly Item[]) => Made): readonly Made[] {
  return found.length === 0 ? [] : [make(found)];
}
