import { Argument } from 'commander';
import type { CommandDefinition } from './command.ts';
import { type Completable, completables } from './completables.ts';
import { bashCompletion, zshCompletion } from './completion-bash.ts';
import { fishCompletion } from './completion-fish.ts';
import { loadAll } from './load-all.ts';
import { buildProgram } from './program.ts';
import { write } from './write.ts';

const shells: Readonly<Record<string, (commands: readonly Completable[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

export const completion: CommandDefinition = {
  description: 'Prints a script that completes commands, options and their values in a shell.',
  options: [],
  configure: (command) => command.addArgument(new Argument('<shell>').choices(Object.keys(shells))),
  examples: [
    { command: 'metalk8s completion bash', what: 'put it into /etc/bash_completion.d/metalk8s' },
    { command: 'metalk8s completion zsh', what: 'source it in .zshrc, after compinit' },
    { command: 'metalk8s completion fish', what: 'put it into /etc/fish/completions/metalk8s.fish' },
  ],
  async run(context, { args: [shell = ''], table }) {
    const program = buildProgram({
      table,
      loaded: await loadAll(table),
      columns: 80,
      write: () => {},
      run: async () => {},
    });
    await write(context.stdout, shells[shell]?.(completables(program)) ?? '');
    return 0;
  },
};
