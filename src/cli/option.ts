import { type Command, Option } from 'commander';

interface TextOption {
  readonly type: 'text' | 'list' | 'repeated';
  readonly default?: string;
}

interface ChoiceOption {
  readonly type: 'choice';
  readonly choices: readonly [string, ...string[]];
  readonly default?: string;
}

interface NumberOption {
  readonly type: 'count';
  readonly default?: number;
}

interface SwitchOption {
  readonly type: 'switch';
  readonly default: false;
}

/**
 * An option of the command line: `list` has its values in one text, separated by commas; `repeated` is given once for each. Its
 * environment variable has the long flag's name, unless it says another: `--log-file`, `METALK8S_LOG_FILE`.
 */
export type CommandOption = (TextOption | ChoiceOption | NumberOption | SwitchOption) & {
  readonly flags: string;
  readonly help: string;
  /** Its environment variable, where the flag's name would be that of another option elsewhere. */
  readonly variable?: string;
  /** A variable that is not ours: any text in it turns the switch on. */
  readonly convention?: string;
};

/** Options by the attribute name that commander gives them: `logFile` for `--log-file`. */
export type CommandOptions = Readonly<Record<string, CommandOption>>;

type ValueOf<One> = One extends { readonly type: 'switch' }
  ? boolean
  : One extends { readonly type: 'count' }
    ? number
    : One extends { readonly type: 'list' | 'repeated' }
      ? readonly string[]
      : One extends { readonly choices: readonly (infer Choice)[] }
        ? Choice
        : string;

/** The typed values of options. One without a default of its own may be left out. */
export type OptionValues<Options> = {
  readonly [Key in keyof Options]: Options[Key] extends { readonly default: unknown }
    ? ValueOf<Options[Key]>
    : ValueOf<Options[Key]> | undefined;
};

/** Adds options to a command. Their values stay as typed by the user; `resolveOptions` and `resolveOwnOptions` judge them. */
export function addOptions(command: Command, options: CommandOptions): void {
  for (const each of Object.values(options)) {
    const option = new Option(each.flags, helpOf(each));
    if (each.type === 'choice') option.argChoices = [...each.choices];
    if (each.type === 'repeated') option.argParser((value: string, before: string[] = []) => [...before, value]);
    command.addOption(option);
  }
}

/** The long flag: `--log-file`. */
export function longFlagOf({ flags }: CommandOption): string {
  return flags.replace(/^-\w, /, '').replace(/ .*$/, '');
}

/** The environment variable: `METALK8S_LOG_FILE`. */
export function variableOf(option: CommandOption): string {
  return option.variable ?? `METALK8S_${longFlagOf(option).slice(2).replaceAll('-', '_').toUpperCase()}`;
}

function helpOf(option: CommandOption): string {
  return option.default === undefined || option.default === false
    ? option.help
    : `${option.help}; ${option.default} by default`;
}
