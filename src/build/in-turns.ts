import { together } from './together.ts';

interface Turns<Job> {
  readonly concurrency: number;
  readonly stop: AbortSignal;
  /** What a job needs for itself alone at the moment it is begun. */
  needs(job: Job): readonly string[];
}

/**
 * Does jobs, several at once and in their order, but never two at once that need the same: the later one waits and meanwhile others go
 * first. When one fails the others are asked to stop, and the first failure is thrown.
 */
export async function inTurns<Job>(
  jobs: readonly Job[],
  { concurrency, stop, needs }: Turns<Job>,
  work: (job: Job, stop: AbortSignal) => Promise<void>,
): Promise<void> {
  const waiting = [...jobs];
  const taken = new Set<string>();
  let ended = Promise.withResolvers<void>();

  async function worker(either: AbortSignal): Promise<void> {
    while (waiting.length > 0) {
      either.throwIfAborted();
      const position = waiting.findIndex((job) => !needs(job).some((need) => taken.has(need)));
      const [job] = position < 0 ? [] : waiting.splice(position, 1);
      if (job === undefined) {
        await ended.promise;
        continue;
      }
      const own = needs(job);
      for (const need of own) taken.add(need);
      try {
        await work(job, either);
      } catch (error) {
        waiting.length = 0;
        throw error;
      } finally {
        for (const need of own) taken.delete(need);
        ended.resolve();
        ended = Promise.withResolvers();
      }
    }
  }

  const workers = Math.max(1, Math.min(concurrency, jobs.length));
  await together(
    stop,
    Array.from({ length: workers }, () => worker),
  );
}
