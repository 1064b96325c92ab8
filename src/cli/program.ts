import { Command } from 'commander';
import { type CommandDefinition, type CommandTable, type Example, isGroup } from './command.ts';
import { addCommonOptions } from './common-options.ts';
import { addOptions } from './option.ts';
import { productVersion } from './product-version.ts';

export interface ProgramParts {
  /** All commands. */
  readonly table: CommandTable;
  /** Those that were imported, by full name: they have their options and can run. Of the others there is the name and the summary. */
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
  addCommands(program, table, { loaded, run, prefix: '' });
  return program;
}

type Adding = Pick<ProgramParts, 'loaded' | 'run'> & { readonly prefix: string };

function addCommands(parent: Command, table: CommandTable, { loaded, run, prefix }: Adding): void {
  for (const [name, entry] of Object.entries(table)) {
    const command = parent.command(name).summary(entry.summary);
    const definition = loaded[`${prefix}${name}`];
    if (isGroup(entry)) {
      command.description(sentence(entry.summary)).addHelpText('after', examplesText(entry.examples));
      addCommands(command, entry.commands, { loaded, run, prefix: `${prefix}${name} ` });
    } else if (definition !== undefined) {
      define(command, definition, run);
    }
  }
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

function define(command: Command, definition: CommandDefinition, run: ProgramParts['run']): void {
  command.description(definition.description);
  definition.configure?.(command);
  addOptions(command, definition.ownOptions ?? {});
  addCommonOptions(command, definition.options);
  command.addHelpText('after', examplesText(definition.examples));
  command.action(() => run(definition, command));
}

function examplesText(examples: readonly Example[]): string {
  const width = Math.max(...examples.map(({ command }) => command.length));
  const lines = examples.map(({ command, what }) => `  ${command.padEnd(width)}  ${what}`);
  return `\nExamples:\n${lines.join('\n')}`;
}
