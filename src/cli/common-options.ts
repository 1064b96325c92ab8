import { type Command, Option } from 'commander';

interface TextOption {
  readonly type: 'text' | 'list';
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

/** An option that several commands share. Its environment variable has the long flag's name: `--log-file`, `METALK8S_LOG_FILE`. */
export type CommonOption = (TextOption | ChoiceOption | NumberOption | SwitchOption) & {
  readonly flags: string;
  readonly help: string;
  /** A variable that is not ours: any text in it turns the switch on. */
  readonly convention?: string;
};

export const commonOptions = {
  config: {
    type: 'text',
    flags: '-c, --config <file>',
    help: 'the configuration',
    default: '/etc/metalk8s/bootstrap.yaml',
  },
  output: {
    type: 'choice',
    flags: '-o, --output <format>',
    help: 'how data is written to standard output',
    choices: ['text', 'json', 'yaml'],
    default: 'text',
  },
  dryRun: { type: 'switch', flags: '--dry-run', help: 'show what would be done, and change nothing', default: false },
  logFile: { type: 'text', flags: '--log-file <file>', help: 'keep everything that happens in this file' },
  logFormat: {
    type: 'choice',
    flags: '--log-format <format>',
    help: 'how progress is told: lines, or one JSON event a line',
    choices: ['text', 'json'],
    default: 'text',
  },
  verbose: { type: 'switch', flags: '-v, --verbose', help: 'also show the output of steps', default: false },
  noColor: {
    type: 'switch',
    flags: '--no-color',
    help: 'no colours; NO_COLOR does the same',
    convention: 'NO_COLOR',
    default: false,
  },
  noProgress: {
    type: 'switch',
    flags: '--no-progress',
    help: 'lines only, nothing redrawn in its place',
    default: false,
  },
  yes: { type: 'switch', flags: '-y, --yes', help: 'do not ask', default: false },
  concurrency: { type: 'count', flags: '--concurrency <number>', help: 'how many hosts at once' },
  cacheDir: { type: 'text', flags: '--cache-dir <directory>', help: 'where downloads are kept' },
  ignorePreflightErrors: {
    type: 'list',
    flags: '--ignore-preflight-errors <names>',
    help: 'checks that only warn, separated by commas',
  },
} as const satisfies Record<string, CommonOption>;

export type CommonOptionName = keyof typeof commonOptions;

type ValueOf<Option> = Option extends { readonly type: 'switch' }
  ? boolean
  : Option extends { readonly type: 'count' }
    ? number
    : Option extends { readonly type: 'list' }
      ? readonly string[]
      : Option extends { readonly choices: readonly (infer Choice)[] }
        ? Choice
        : string;

/** The typed values of the named options. An option without a default of its own may be left out. */
export type CommonValues<Name extends CommonOptionName> = {
  readonly [Key in Name]: (typeof commonOptions)[Key] extends { readonly default: unknown }
    ? ValueOf<(typeof commonOptions)[Key]>
    : ValueOf<(typeof commonOptions)[Key]> | undefined;
};

/** Adds the named options to a command. Their values stay as typed by the user; `resolveOptions` judges them. */
export function addCommonOptions(command: Command, names: readonly CommonOptionName[]): void {
  for (const name of names) {
    const common: CommonOption = commonOptions[name];
    const option = new Option(common.flags, helpOf(common));
    if (common.type === 'choice') option.argChoices = [...common.choices];
    command.addOption(option);
  }
}

/** The long flag: `--log-file`. */
export function longFlag(name: CommonOptionName): string {
  return commonOptions[name].flags.replace(/^-\w, /, '').replace(/ .*$/, '');
}

/** The environment variable: `METALK8S_LOG_FILE`. */
export function variableName(name: CommonOptionName): string {
  return `METALK8S_${longFlag(name).slice(2).replaceAll('-', '_').toUpperCase()}`;
}

function helpOf(option: CommonOption): string {
  return option.default === undefined || option.default === false
    ? option.help
    : `${option.help}; ${option.default} by default`;
}
