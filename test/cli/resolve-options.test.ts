import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { type CommonOptionName, commonOptions, longFlag, variableName } from '../../src/cli/common-options.ts';
import { addOptions, type CommandOptions } from '../../src/cli/option.ts';
import { type OptionSources, resolveOptions, resolveOwnOptions } from '../../src/cli/resolve-options.ts';

const none: OptionSources = { flags: {}, env: {} };

describe('precedence', () => {
  const all = {
    flags: { concurrency: '1' },
    env: { METALK8S_CONCURRENCY: '2' },
  };
  test.each<[string, OptionSources, number]>([
    ['a flag is stronger than all', all, 1],
    ['then the environment', { ...all, flags: {} }, 2],
    ['an empty variable counts as not set', { flags: {}, env: { METALK8S_CONCURRENCY: '' } }, 4],
    ['then the default', none, 4],
  ])('%s', (_title, sources, expected) => {
    expect(resolveOptions(['concurrency'], sources)).toEqual({ concurrency: expected });
  });

  test('an option without a default may have no value', () => {
    expect(resolveOptions(['config', 'output', 'yes', 'logFile'], none)).toEqual({
      config: '/etc/metalk8s/bootstrap.yaml',
      output: 'text',
      yes: false,
      logFile: undefined,
    });
  });
});

describe('types', () => {
  test.each<[CommonOptionName, OptionSources, unknown]>([
    ['dryRun', { ...none, flags: { dryRun: true } }, true],
    ['dryRun', { ...none, env: { METALK8S_DRY_RUN: 'Yes' } }, true],
    ['dryRun', { ...none, env: { METALK8S_DRY_RUN: '0' } }, false],
    ['yes', { ...none, env: { METALK8S_YES: 'no' } }, false],
    ['concurrency', { ...none, env: { METALK8S_CONCURRENCY: '30' } }, 30],
    ['ignorePreflightErrors', { ...none, flags: { ignorePreflightErrors: 'Swap, Mem' } }, ['Swap', 'Mem']],
    ['logFile', { ...none, env: { METALK8S_LOG_FILE: '/x' } }, '/x'],
    ['noColor', { ...none, flags: { color: false } }, true],
    ['noColor', { ...none, flags: { color: true } }, false],
    ['noColor', { ...none, env: { NO_COLOR: 'false' } }, true],
    ['noColor', { ...none, env: { NO_COLOR: '' } }, false],
    ['noColor', { ...none, env: { NO_COLOR: '1', METALK8S_NO_COLOR: 'false' } }, false],
    ['noProgress', { ...none, flags: { progress: false } }, true],
  ])('%s from %j', (name, sources, expected) => {
    expect(resolveOptions([name], sources)).toEqual({ [name]: expected });
  });
});

describe('a bad value', () => {
  test.each<[CommonOptionName, OptionSources, string]>([
    ['output', { ...none, flags: { output: 'xml' } }, '--output is "xml", not text, json or yaml'],
    ['logFormat', { ...none, env: { METALK8S_LOG_FORMAT: 'JSON' } }, 'METALK8S_LOG_FORMAT is "JSON", not text or json'],
    ['concurrency', { ...none, flags: { concurrency: '0' } }, '--concurrency is "0", not a number from 1 to 999999'],
    ['dryRun', { ...none, env: { METALK8S_DRY_RUN: 'maybe' } }, 'METALK8S_DRY_RUN is "maybe", not true or false'],
    ['logFile', { ...none, flags: { logFile: '' } }, '--log-file is "", not a text'],
    [
      'ignorePreflightErrors',
      { ...none, flags: { ignorePreflightErrors: 'a,,b' } },
      '--ignore-preflight-errors is "a,,b", not names separated by commas',
    ],
  ])('%s from %j is told with its source', (name, sources, message) => {
    expect(() => resolveOptions([name], sources)).toThrow(expect.objectContaining({ code: 'USAGE', message }));
  });

  test('all of them are told at once', () => {
    const sources = { flags: { output: 'x' }, env: { METALK8S_CONCURRENCY: 'y' } };
    expect(() => resolveOptions(['output', 'concurrency'], sources)).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: expect.stringMatching(/^--output is "x".*; METALK8S_CONCURRENCY is "y"/),
      }),
    );
  });

  test('of an option that the command does not take is nobody’s business', () => {
    expect(resolveOptions(['output'], { flags: {}, env: { METALK8S_CONCURRENCY: 'x' } })).toEqual({ output: 'text' });
  });
});

test('flag and variable have one name', () => {
  const names = Object.keys(commonOptions) as CommonOptionName[];
  expect(Object.fromEntries(names.map((name) => [longFlag(name), variableName(name)]))).toEqual({
    '--config': 'METALK8S_CONFIG',
    '--output': 'METALK8S_OUTPUT',
    '--dry-run': 'METALK8S_DRY_RUN',
    '--log-file': 'METALK8S_LOG_FILE',
    '--log-format': 'METALK8S_LOG_FORMAT',
    '--verbose': 'METALK8S_VERBOSE',
    '--no-color': 'METALK8S_NO_COLOR',
    '--no-progress': 'METALK8S_NO_PROGRESS',
    '--yes': 'METALK8S_YES',
    '--concurrency': 'METALK8S_CONCURRENCY',
    '--cache-dir': 'METALK8S_CACHE_DIR',
    '--ignore-preflight-errors': 'METALK8S_IGNORE_PREFLIGHT_ERRORS',
  });
});

describe('options of one command', () => {
  const own = {
    mirrors: { type: 'text', flags: '--mirrors <file>', help: 'other sources' },
    trustedKey: { type: 'repeated', flags: '--trusted-key <file>', help: 'a key' },
  } as const satisfies CommandOptions;

  test('a flag is stronger than its variable', () => {
    const env = { METALK8S_MIRRORS: 'variable.yaml' };
    expect(resolveOwnOptions(own, { flags: {}, env }).mirrors).toBe('variable.yaml');
    expect(resolveOwnOptions(own, { flags: { mirrors: 'flag.yaml' }, env }).mirrors).toBe('flag.yaml');
  });

  test('a repeated one keeps each value whole', () => {
    const command = new Command().exitOverride();
    addOptions(command, own);
    command.parse(['--trusted-key', 'a,b.gpg', '--trusted-key', 'c.gpg'], { from: 'user' });
    expect(resolveOwnOptions(own, { flags: command.opts(), env: {} }).trustedKey).toEqual(['a,b.gpg', 'c.gpg']);
    const env = { METALK8S_TRUSTED_KEY: 'a,b.gpg' };
    expect(resolveOwnOptions(own, { flags: {}, env }).trustedKey).toEqual(['a,b.gpg']);
  });

  test('an empty value is refused by the name of the flag', () => {
    const resolve = () => resolveOwnOptions(own, { flags: { trustedKey: ['a.gpg', ''] }, env: {} });
    expect(resolve).toThrow(expect.objectContaining({ code: 'USAGE', where: '--trusted-key' }));
  });
});
