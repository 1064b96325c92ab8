import { setTimeout as sleep } from 'node:timers/promises';

const MINUTE_MS = 60_000;
const PERIOD_MS = 250;

/**
 * Asks until the answer comes without an error, for rules and endpoints that reach all nodes a moment after their objects exist.
 * Throws after `patienceMs`, with the last error and what was waited for.
 */
export async function waitUntil<Answer>(
  what: string,
  ask: () => Promise<Answer>,
  patienceMs = MINUTE_MS,
): Promise<Answer> {
  for (const deadline = Date.now() + patienceMs; ; await sleep(PERIOD_MS)) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > deadline) {
        throw new Error(`waited ${Math.round(patienceMs / 1000)} s in vain until ${what}`, { cause: error });
      }
    }
  }
}
