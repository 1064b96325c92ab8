import { progressOptions } from './open-listeners.ts';
import type { CommandOptions } from './option.ts';
import { trustedKey } from './trusted-key.ts';

export const bootstrapCommonOptions = [
  'config',
  'output',
  'dryRun',
  'ignorePreflightErrors',
  ...progressOptions,
] as const;

export const bootstrapOptions = { trustedKey } as const satisfies CommandOptions;
