import { Command } from 'commander';
import type { CommandDefinition, CommandTable, Example } from './command.ts';
import { addCommonOptions } from './common-options.ts';
import { productVersion } from './product-version.ts';

export interface ProgramParts {
  /** All commands. */
  readonly table: CommandTable;
  /** Those that were imported: they have their options and can run. Of the others there is the name and the summary. */
  readonly loaded: Readonly<Record<string, CommandDefinition>>;
  readonly columns: number;
  /** Takes what goes to standard output: help and version. */
  readonly write: (text: string) => void;
  readonly run: (definition: CommandDefinition, command: Command) => Promise<void>;
}

/** The command tree. It never ends the process: whatever ends parsing is thrown as a CommanderError. */
export function buildProgram({ table, loaded, columns, write, run }: ProgramParts): Command {
  const program = new Command('metalk8s')
    .description('Builds one ISO, carries it across the gap, and runs Kubernetes where there is no Internet.')
    .version(productVersion)
    .exitOverride()
    .configureOutput({
      writeOut: write,
      writeErr: () => {},
      getOutHelpWidth: () => columns,
      getOutHasColors: () => false,
    })
    .addHelpText('after', examplesText([{ command: 'metalk8s version --help', what: 'all about one command' }]));
  for (const [name, { summary }] of Object.entries(table)) {
    const command = program.command(name).summary(summary);
    const definition = loaded[name];
    if (definition !== undefined) define(command, definition, run);
  }
  return program;
}

function define(command: Command, definition: CommandDefinition, run: ProgramParts['run']): void {
  command.description(definition.description);
  definition.configure?.(command);
  addCommonOptions(command, definition.options);
  command.addHelpText('after', examplesText(definition.examples));
  command.action(() => run(definition, command));
}

function examplesText(examples: readonly Example[]): string {
  const width = Math.max(...examples.map(({ command }) => command.length));
  const lines = examples.map(({ command, what }) => `  ${command.padEnd(width)}  ${what}`);
  return `\nExamples:\n${lines.join('\n')}`;
}
