/** Words before a program that may have to do with a file server that has gone, of which it would wait for an answer for ever: 30 seconds. */
export const PATIENCE = ['timeout', '--kill-after=5', '30'] as const;

/** Whether a program after those words got no answer, by its exit status, see timeout(1): it was ended, or had to be killed. */
export function ranOutOfPatience(exitCode: number): boolean {
  return exitCode === 124 || exitCode === 137;
}
