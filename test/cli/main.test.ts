import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { CommandTable } from '../../src/cli/command.ts';
import { main } from '../../src/cli/main.ts';
import { productVersion } from '../../src/cli/product-version.ts';
import { errorCodes } from '../../src/errors/error-codes.ts';
import { runMain } from '../support/run-main.ts';
import { fixtureTable } from './fixtures/table.ts';

describe('exit status', () => {
  test.each(Object.entries(errorCodes))('%s', async (code, { exit }) => {
    const result = await runMain(['fail', code, 'it went wrong'], { table: fixtureTable });
    expect(result).toEqual({ exit, stdout: '', stderr: expect.stringMatching(/^Error: {2}it went wrong\n/) });
  });

  test('0 when it is done', async () => {
    expect(await runMain(['version'])).toMatchObject({ exit: 0, stderr: '' });
  });

  test('1 for a defect of ours, with its stack and how to report it', async () => {
    const { exit, stderr } = await runMain(['fail', 'defect', 'oops'], { table: fixtureTable });
    expect(exit).toBe(1);
    expect(stderr).toMatch(/^Error: {2}oops\nStack: {2}TypeError: oops\n.*table\.ts/);
    expect(stderr).toContain('This is a defect of metalk8s. Please report it');
  });

  test('1 for a rejection that nobody handled', async () => {
    const signals = new EventEmitter();
    const hanging: CommandTable = {
      hang: {
        summary: 'hangs',
        load: async () => ({
          description: 'Hangs.',
          options: [],
          examples: [{ command: 'hang', what: 'hangs' }],
          run: () => {
            signals.emit('unhandledRejection', new Error('nobody cared'));
            return new Promise(() => {});
          },
        }),
      },
    };
    const result = await runMain(['hang'], { table: hanging, signals });
    expect(result).toMatchObject({ exit: 1, stderr: expect.stringContaining('Error:  nobody cared') });
    expect(signals.eventNames()).toEqual([]);
  });

  test.each([
    ['no command', [], 'no command was given'],
    ['an unknown command', ['versoin'], "unknown command 'versoin'\nTo do:  Did you mean version?"],
    ['help for an unknown command', ['help', 'versoin'], "unknown command 'versoin'\nTo do:  Did you mean version?"],
    ['an unknown option', ['version', '--outptu'], "unknown option '--outptu'\nTo do:  Did you mean --output?"],
    ['an argument too many', ['version', 'x'], "too many arguments for 'version'"],
    ['a bad value', ['version', '-o', 'xml'], '--output is "xml", not text, json or yaml'],
    ['a missing value', ['version', '-o'], "option '-o, --output <format>' argument missing"],
    ['the name of a property of objects', ['constructor'], "unknown command 'constructor'"],
  ])('2 for %s', async (_title, argv, expected) => {
    const { exit, stdout, stderr } = await runMain(argv);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toContain(`Error:  ${expected}`);
  });
});

test('a secret is in no failure', async () => {
  const { stderr } = await runMain(['fail', 'secret', 'hunter22'], { table: fixtureTable });
  expect(stderr).toBe('Error:  bad: [secret]\n');
});

test('a failure sends nothing to the terminal that it would act upon', async () => {
  const { stderr } = await runMain(['fail', 'USAGE', 'a\u001b[2Jb\u0007'], { table: fixtureTable });
  expect(stderr).toBe('Error:  ab\\x07\n');
});

describe('version', () => {
  const versions = {
    metalk8s: productVersion,
    kubernetes: '1.36',
    node: process.versions.node,
    platform: `${process.platform}/${process.arch}`,
  };

  test('-o json', async () => {
    expect(JSON.parse((await runMain(['version', '-o', 'json'])).stdout)).toEqual(versions);
  });

  test('-o yaml', async () => {
    expect(parse((await runMain(['version', '--output=yaml'])).stdout)).toEqual(versions);
  });

  test('text, and the format from the environment', async () => {
    expect((await runMain(['version'])).stdout).toMatch(
      /^metalk8s 136\.\d+\.\d+ \(Kubernetes 1\.36\)\nNode\.js .* on linux\//,
    );
    expect((await runMain(['version'], { env: { METALK8S_OUTPUT: 'json' } })).stdout).toMatch(/^\{/);
  });

  test('--version is short', async () => {
    expect(await runMain(['--version'])).toEqual({ exit: 0, stdout: `${productVersion}\n`, stderr: '' });
  });
});

test('standard output that cannot be written is a failure that is told', async () => {
  const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error('no space left')) });
  let told = '';
  const stderr = new Writable({
    write: (chunk, _encoding, done) => {
      told += chunk;
      done();
    },
  });
  const signals = new EventEmitter();
  const openStdin = () => Readable.from([]);
  const status = await main({ argv: ['version'], env: {}, openStdin, stdout: full, stderr, signals, exit: () => {} });
  expect(status).toBe(1);
  expect(told).toContain('the result could not be written to standard output\nWhy:    no space left');
});
