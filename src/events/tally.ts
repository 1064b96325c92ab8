import type { ProgressEvent, RunSummary } from './event.ts';

export type Tally = Omit<RunSummary, 'durationMs'>;

export const emptyTally: Tally = { changed: 0, alreadySo: 0, skipped: 0, failed: 0, warnings: 0 };

/** The tally after one more event. */
export function count(tally: Tally, event: ProgressEvent): Tally {
  switch (event.type) {
    case 'step-done':
      if (event.changed === undefined) return tally;
      return event.changed ? { ...tally, changed: tally.changed + 1 } : { ...tally, alreadySo: tally.alreadySo + 1 };
    case 'step-skipped':
      return { ...tally, skipped: tally.skipped + 1 };
    case 'step-failed':
      return { ...tally, failed: tally.failed + 1 };
    case 'warning':
      return { ...tally, warnings: tally.warnings + 1 };
    default:
      return tally;
  }
}
