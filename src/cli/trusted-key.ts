import { TRUST_DIRECTORY } from '../archive/trusted-keys.ts';

/** The option `--trusted-key` of commands that take the archives of a configuration. */
export const trustedKey = {
  type: 'repeated',
  flags: '--trusted-key <file>',
  help: `a public key that may have signed the archives, once for each; all of ${TRUST_DIRECTORY} by default`,
} as const;
