import type { CommandTable } from './command.ts';

/** Every command, in the order of the help. */
export const commands: CommandTable = {
  version: {
    summary: 'show the version of metalk8s and of what it runs on',
    load: async () => (await import('./version.ts')).version,
  },
};
