import type { CommandTable } from './command.ts';

/** Every command, in the order of the help. */
export const commands: CommandTable = {
  completion: {
    summary: 'print a script that completes commands and options in a shell',
    load: async () => (await import('./completion.ts')).completion,
  },
  version: {
    summary: 'show the version of metalk8s and of what it runs on',
    load: async () => (await import('./version.ts')).version,
  },
};
