import type { CisCheck, CisProgram, CisSubject, CisVerdict } from './check.ts';

/** What an argument is asked: gets its value, undefined when it is not given. */
type Question = (value: string | undefined) => boolean;

/** The value of an argument, by any of the ways to write it; the last one counts, and one without a value is `true`. */
export function argumentOf(command: readonly string[], name: string): string | undefined {
  return command.reduce<string | undefined>((found, argument, index) => {
    const [, flag, value] = /^--?([^=]+)(?:=(.*))?$/s.exec(argument) ?? [];
    if (index === 0 || flag !== name) return found;
    const next = command[index + 1];
    return value ?? (next === undefined || next.startsWith('-') ? 'true' : next);
  }, undefined);
}

/** A check of one or more arguments of a program. All are asked the same. */
export function argumentCheck(
  program: CisProgram,
  id: string,
  names: string | readonly string[],
  [what, question]: readonly [what: string, question: Question],
): CisCheck {
  const all = typeof names === 'string' ? [names] : names;
  return {
    id,
    what: `${program}: ${all.map((name) => `--${name}`).join(' and ')} ${all.length > 1 ? what.replace(/^is /, 'are ') : what}`,
    on: program === 'etcd' ? 'etcd' : 'control-plane',
    reads: [],
    probe: (subject) => askArguments(subject, program, all, question),
  };
}

export const isGiven = ['is given', (value) => value !== undefined && value !== ''] as const satisfies Ask;
export const isAbsent = ['is not given', (value) => value === undefined] as const satisfies Ask;
export const isTrue = ['is true', (value) => value === 'true'] as const satisfies Ask;
export const isFalse = ['is false', (value) => value === 'false'] as const satisfies Ask;
export const isNotTrue = ['is not true', (value) => value !== 'true'] as const satisfies Ask;
export const isNotFalse = ['is not false', (value) => value !== 'false'] as const satisfies Ask;

type Ask = readonly [string, Question];

/** The benchmark lets it be left out as well, though the default is another. */
export function is(wanted: string): Ask {
  return [`is ${wanted}`, (value) => value === wanted];
}

/** Of a list with commas. */
export function includes(item: string): Ask {
  return [`includes ${item}`, (value) => listOf(value).includes(item)];
}

export function excludes(item: string): Ask {
  return [`does not include ${item}`, (value) => !listOf(value).includes(item)];
}

/** As {@link excludes}, but to say nothing is wrong too: the default includes it. */
export function isGivenWithout(item: string): Ask {
  return [`is given, without ${item}`, (value) => value !== undefined && !listOf(value).includes(item)];
}

export function isAtLeast(least: number): Ask {
  return [`is ${least} or more`, (value) => value !== undefined && /^\d+$/.test(value) && Number(value) >= least];
}

function askArguments(
  { commands }: CisSubject,
  program: CisProgram,
  names: readonly string[],
  question: Question,
): CisVerdict {
  const command = commands[program];
  if (command === undefined) return { passed: false, found: `${program} does not run` };
  const values = names.map((name) => ({ name, value: argumentOf(command, name) }));
  const found = values.map(({ name, value }) => (value === undefined ? `no --${name}` : `--${name}=${value}`));
  return { passed: values.every(({ value }) => question(value)), found: found.join(', ') };
}

function listOf(value: string | undefined): readonly string[] {
  return (value ?? '').split(',').map((item) => item.trim());
}
