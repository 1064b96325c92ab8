import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { type CommonOptionName, type CommonValues, pickCommon } from './common-options.ts';
import { type CommandOption, type CommandOptions, longFlagOf, type OptionValues, variableOf } from './option.ts';

/** Where values may come from, the strongest first. */
export interface OptionSources {
  /** As commander gives them: by attribute name, text not judged yet. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

interface Given {
  readonly value: unknown;
  readonly source: string;
}

type Problem = Given & { readonly wanted: string };

/**
 * The values of the named common options: flags > METALK8S_* environment > defaults. An empty variable counts as not set.
 * Throws one USAGE error that names every bad value with its source.
 */
export function resolveOptions<Name extends CommonOptionName>(
  names: readonly Name[],
  sources: OptionSources,
): CommonValues<Name> {
  return resolveOwnOptions(pickCommon(names), sources);
}

/** The values of options that one command has for itself, in the same way. */
export function resolveOwnOptions<Options extends CommandOptions>(
  options: Options,
  sources: OptionSources,
): OptionValues<Options> {
  const problems: Problem[] = [];
  const values = Object.entries(options).map(([name, option]) => {
    const given = firstGiven(name, option, sources);
    if (given === undefined) return [name, option.default];
    const { value, wanted } = convert(option, given.value);
    if (wanted !== undefined) problems.push({ ...given, wanted });
    return [name, value];
  });
  if (problems.length > 0) throw refusal(problems);
  return Object.fromEntries(values);
}

function firstGiven(name: string, option: CommandOption, { flags, env }: OptionSources): Given | undefined {
  return fromFlags(name, option, flags) ?? fromEnvironment(option, env);
}

/** commander keeps `--no-color` as `color: false`. */
function fromFlags(name: string, option: CommandOption, flags: OptionSources['flags']): Given | undefined {
  const source = longFlagOf(option);
  const negated = /^no([A-Z])(.*)$/.exec(name);
  const value =
    negated === null ? flags[name] : flags[`${negated[1]?.toLowerCase()}${negated[2]}`] === false || undefined;
  return value === undefined ? undefined : { value, source };
}

function fromEnvironment(option: CommandOption, env: OptionSources['env']): Given | undefined {
  const { convention } = option;
  const source = variableOf(option);
  if (env[source]) return { value: env[source], source };
  return convention !== undefined && env[convention] ? { value: true, source: convention } : undefined;
}

interface Converted {
  readonly value?: unknown;
  /** What would have been right, when the value is not. */
  readonly wanted?: string;
}

function convert(option: CommandOption, value: unknown): Converted {
  switch (option.type) {
    case 'switch':
      return toSwitch(value);
    case 'count':
      return toCount(value);
    case 'list':
      return toList(value);
    case 'repeated':
      return toList(Array.isArray(value) ? value : [value]);
    case 'choice':
      return option.choices.some((choice) => choice === value) ? { value } : { wanted: oneOf(option.choices) };
    case 'text':
      return typeof value === 'string' && value !== '' ? { value } : { wanted: 'a text' };
  }
}

const switches: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  1: true,
  false: false,
  no: false,
  0: false,
};

function toSwitch(value: unknown): Converted {
  const switched = switches[String(value).toLowerCase()];
  return switched === undefined ? { wanted: 'true or false' } : { value: switched };
}

function toCount(value: unknown): Converted {
  const text = String(value);
  return /^[1-9]\d{0,5}$/.test(text) ? { value: Number(text) } : { wanted: 'a number from 1 to 999999' };
}

function toList(value: unknown): Converted {
  const items: unknown[] = Array.isArray(value) ? value : String(value).split(',');
  const texts = items.map((item) => (typeof item === 'string' ? item.trim() : ''));
  return texts.every((text) => text !== '') ? { value: texts } : { wanted: 'names separated by commas' };
}

function oneOf(choices: readonly string[]): string {
  return `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
}

function refusal(problems: readonly Problem[]): MetalK8sError {
  const texts = problems.map(({ source, value, wanted }) => `${source} is ${JSON.stringify(value)}, not ${wanted}`);
  return new MetalK8sError('USAGE', texts.join('; '), {
    where: problems.map(({ source }) => source).join(', '),
    hint: 'Mend the value, or leave it out for the default.',
  });
}
