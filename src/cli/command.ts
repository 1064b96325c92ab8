import type { Readable, Writable } from 'node:stream';
import type { Command } from 'commander';
import type { Secrets } from '../errors/secrets.ts';
import type { CommonOptionName } from './common-options.ts';
import type { CommandOptions } from './option.ts';

/** The world as a command sees it. */
export interface CommandContext {
  /** The arguments after the program's name, as they were given. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard input, which is not touched by what does not ask for it. */
  readonly openStdin: () => Input;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted by the first Ctrl-C: stop after the current step. Its reason is an INTERRUPTED error, to be thrown. */
  readonly stop: AbortSignal;
  /** Aborted by the second: the process ends now. */
  readonly leave: AbortSignal;
  readonly secrets: Secrets;
  readonly now: () => Date;
}

/** Standard input, which may be a terminal. */
export type Input = Readable & { readonly isTTY?: boolean };

/** Standard output or error, which may be a terminal. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };

interface CommandInput {
  readonly args: readonly string[];
  /** As commander gives them. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** All commands: for those that tell about them. */
  readonly table: CommandTable;
}

export interface Example {
  readonly command: string;
  readonly what: string;
}

/** A command, in a module of its own that is imported when the command is called or its help is asked for. */
export interface CommandDefinition {
  readonly description: string;
  /** Which of the common options it takes. */
  readonly options: readonly CommonOptionName[];
  /** Options of its own that have an environment variable each, as the common ones have. */
  readonly ownOptions?: CommandOptions;
  /** Arguments, and switches that make no sense in an environment. */
  readonly configure?: (command: Command) => void;
  readonly examples: readonly [Example, ...Example[]];
  /** Returns the exit status, or throws. */
  run(context: CommandContext, input: CommandInput): Promise<number>;
}

/** What must be known of a command without importing it. */
export interface CommandEntry {
  readonly summary: string;
  load(): Promise<CommandDefinition>;
}

/** Commands that share their first word: `metalk8s config validate`. */
export interface CommandGroup {
  readonly summary: string;
  readonly examples: readonly [Example, ...Example[]];
  readonly commands: Readonly<Record<string, CommandEntry>>;
}

export type CommandTable = Readonly<Record<string, CommandEntry | CommandGroup>>;

export function isGroup(entry: CommandEntry | CommandGroup): entry is CommandGroup {
  return 'commands' in entry;
}
