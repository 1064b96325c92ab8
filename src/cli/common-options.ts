import type { Command } from 'commander';
import { addOptions, type CommandOptions, longFlagOf, type OptionValues, variableOf } from './option.ts';

/** Options that several commands share. */
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
  // Enough for a fast line, few enough for a registry that counts requests.
  concurrency: { type: 'count', flags: '--concurrency <number>', help: 'how many downloads at once', default: 4 },
  cacheDir: {
    type: 'text',
    flags: '--cache-dir <directory>',
    help: 'where downloads are kept; metalk8s in XDG_CACHE_HOME, or in ~/.cache, by default',
  },
  ignorePreflightErrors: {
    type: 'list',
    flags: '--ignore-preflight-errors <names>',
    help: 'checks that only warn, separated by commas',
  },
} as const satisfies CommandOptions;

export type CommonOptionName = keyof typeof commonOptions;

/** The typed values of the named options. */
export type CommonValues<Name extends CommonOptionName> = OptionValues<Pick<typeof commonOptions, Name>>;

/** The named options as a table of their own. */
export function pickCommon<Name extends CommonOptionName>(names: readonly Name[]): Pick<typeof commonOptions, Name> {
  return Object.fromEntries(names.map((name) => [name, commonOptions[name]])) as Pick<typeof commonOptions, Name>;
}

/** Adds the named options to a command. */
export function addCommonOptions(command: Command, names: readonly CommonOptionName[]): void {
  addOptions(command, pickCommon(names));
}

/** The long flag: `--log-file`. */
export function longFlag(name: CommonOptionName): string {
  return longFlagOf(commonOptions[name]);
}

/** The environment variable: `METALK8S_LOG_FILE`. */
export function variableName(name: CommonOptionName): string {
  return variableOf(commonOptions[name]);
}
