/** What can go wrong, by a name that never changes, with the exit status it leads to. Exit status 0: done, or nothing to do. */
export const errorCodes = {
  INTERNAL: { exit: 1, meaning: 'a defect of metalk8s itself' },
  USAGE: { exit: 2, meaning: 'wrong usage' },
  CONFIG_INVALID: { exit: 3, meaning: 'the configuration is invalid' },
  RELEASE_INVALID: { exit: 3, meaning: 'the release list is invalid' },
  PREFLIGHT_FAILED: { exit: 4, meaning: 'preflight failed, nothing was changed' },
  VERIFICATION_FAILED: { exit: 5, meaning: 'verification failed' },
  HOST_UNREACHABLE: { exit: 6, meaning: 'a host cannot be reached' },
  LOGIN_REFUSED: { exit: 6, meaning: 'a host refuses the login' },
  HOST_KEY_UNKNOWN: { exit: 7, meaning: 'the key of a host is unknown' },
  HOST_KEY_CHANGED: { exit: 7, meaning: 'the key of a host has changed' },
  STEP_FAILED: { exit: 8, meaning: 'a step failed; run again to resume' },
  LOCKED: { exit: 9, meaning: 'another run holds the lock' },
  DIFFERS: { exit: 10, meaning: 'reality or configuration differs from the plan or cluster' },
  PARTLY_DONE: { exit: 11, meaning: 'some nodes are done, some failed' },
  VERSION_UNSUPPORTED: { exit: 12, meaning: 'this version change is not supported' },
  INTERRUPTED: { exit: 130, meaning: 'interrupted; run again to resume' },
} as const;

export type ErrorCode = keyof typeof errorCodes;
