import { TRUST_DIRECTORY } from '../archive/trusted-keys.ts';
import { progressOptions } from './open-listeners.ts';
import type { CommandOptions } from './option.ts';

export const bootstrapCommonOptions = [
  'config',
  'output',
  'dryRun',
  'ignorePreflightErrors',
  ...progressOptions,
] as const;

export const bootstrapOptions = {
  trustedKey: {
    type: 'repeated',
    flags: '--trusted-key <file>',
    help: `a public key that may have signed the archives, once for each; all of ${TRUST_DIRECTORY} by default`,
  },
} as const satisfies CommandOptions;
