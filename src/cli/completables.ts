import type { Command, Option } from 'commander';

/** What a shell needs to know to complete one command. */
export interface Completable {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletableOption[];
  /** Values of its arguments, when there is a closed set. */
  readonly words: readonly string[];
  /** Those of a group. */
  readonly commands?: readonly Completable[];
}

export interface CompletableOption {
  /** As typed: `-o`, `--output`. */
  readonly flags: readonly string[];
  readonly help: string;
  /** `file`: any file name; a list: one of these; undefined: takes no value. */
  readonly value: 'file' | readonly string[] | undefined;
}

/** The commands of the program or of a group, and `help`, which completes their names. */
export function completables(program: Command): readonly Completable[] {
  const commands = program.commands.map(
    (command): Completable => ({
      name: command.name(),
      summary: command.summary(),
      options: [...command.options.map(toCompletable), help],
      words: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
      ...(command.commands.length > 0 && { commands: completables(command) }),
    }),
  );
  const words = commands.map(({ name }) => name);
  return [...commands, { name: 'help', summary: 'show all about a command', options: [help], words }];
}

const help: CompletableOption = { flags: ['-h', '--help'], help: 'show all about the command', value: undefined };

function toCompletable(option: Option): CompletableOption {
  const flags = [option.short, option.long].filter((flag) => flag !== undefined && flag !== null);
  const value = option.required || option.optional ? (option.argChoices ?? 'file') : undefined;
  return { flags, help: option.description, value };
}
