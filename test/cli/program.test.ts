import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CommandDefinition, type CommandEntry, type CommandTable, isGroup } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/commands.ts';
import { longFlag } from '../../src/cli/common-options.ts';
import { loadAll } from '../../src/cli/load-all.ts';
import { longFlagOf } from '../../src/cli/option.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { printDefaults } from '../../src/config/print-defaults.ts';
import { type MainResult, runMain } from '../support/run-main.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

/** The real commands, and which of them were imported, by full name. */
function watched(): { table: CommandTable; imported: string[] } {
  const imported: string[] = [];
  const watch = (table: CommandTable, prefix: string): CommandTable => {
    const entries = Object.entries(table).map(([name, entry]): [string, CommandTable[string]] => {
      const { summary } = entry;
      if (isGroup(entry)) {
        const members = watch(entry.commands, `${prefix}${name} `) as Record<string, CommandEntry>;
        return [name, { ...entry, commands: members }];
      }
      const load = () => {
        imported.push(`${prefix}${name}`);
        return entry.load();
      };
      return [name, { summary, load }];
    });
    return Object.fromEntries(entries);
  };
  return { table: watch(commands, ''), imported };
}

describe('a command is imported only when it is called, or its help is asked for', () => {
  test.each([
    [['--help'], []],
    [['help'], []],
    [['--version'], []],
    [['nothing'], []],
    [['version'], ['version']],
    [['version', '--help'], ['version']],
    [['help', 'version'], ['version']],
    [['config'], []],
    [['config', '--help'], []],
    [['config', 'nothing'], []],
    [['config', 'validate', '--help'], ['config validate']],
    [['config', 'help', 'validate'], ['config validate']],
    [['help', 'config'], []],
    [['help', 'config', 'validate'], ['config validate']],
  ])('%j', async (argv, expected) => {
    const { table, imported } = watched();
    await runMain(argv, { table });
    expect(imported).toEqual(expected);
  });
});

const loaded = await loadAll(commands);

describe('help', () => {
  test('names every command', async () => {
    const { exit, stdout, stderr } = await runMain(['--help']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    for (const [name, { summary }] of Object.entries(commands))
      expect(stdout).toMatch(new RegExp(`${name} .*${summary}`));
  });

  test.each(Object.entries(loaded))(
    'of %s has its options and examples that work',
    async (name, { options, ownOptions = {}, examples }) => {
      const words = name.split(' ');
      const { stdout } = await runMain([...words, '--help']);
      for (const viaHelp of [
        ['help', ...words],
        [...words.slice(0, -1), 'help', ...words.slice(-1)],
      ])
        expect((await runMain(viaHelp)).stdout).toBe(stdout);
      for (const option of options) expect(stdout).toContain(longFlag(option));
      for (const option of Object.values(ownOptions)) expect(stdout).toContain(longFlagOf(option));
      for (const { command } of examples) {
        expect(stdout).toContain(command);
        const [, program, words = ''] = /(?:^|until )(sh \/mnt\/metalk8s|metalk8s) ([^>;]*)/.exec(command) ?? [];
        expect(program).toBeDefined();
        const argv = words.trim().split(' ');
        expect(await called(argv)).toBe(name);
        if (harmless.has(name)) expect((await runWithConfiguration(argv)).exit).toBe(0);
      }
    },
  );
});

test('help of build-iso tells what its numbers and folders are where nobody says', async () => {
  const { stdout } = await runMain(['build-iso', '--help']);
  const words = stdout.replaceAll(/\s+/g, ' ');
  expect(words).toContain('--concurrency <number> how many downloads at once; 4 by default ');
  expect(words).toContain('where downloads are kept; metalk8s in XDG_CACHE_HOME, or in ~/.cache, by default ');
});

describe.each(Object.entries(commands).filter(([, entry]) => isGroup(entry)))('a group, %s', (name, entry) => {
  const members = isGroup(entry) ? Object.keys(entry.commands) : [];

  test('has examples of its members in its help', async () => {
    const { stdout } = await runMain([name, '--help']);
    expect((await runMain(['help', name])).stdout).toBe(stdout);
    const examples = stdout.split('\nExamples:\n')[1]?.trimEnd().split('\n') ?? [];
    expect(examples).not.toEqual([]);
    for (const example of examples) {
      const [, member = ''] = new RegExp(`^  metalk8s ${name} (\\S+)`).exec(example) ?? [];
      expect(members).toContain(member);
    }
  });

  test.each([[[name]], [[name, 'nothing']], [['help', name, 'nothing']]])('%j is led to its own help', async (argv) => {
    const { exit, stdout, stderr } = await runMain(argv);
    expect([exit, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`\`metalk8s ${name} --help\` shows the commands`);
    if (argv.length > 1) expect(stderr).toContain("unknown command 'nothing'");
  });
});

/**
 * Those that are run here, as they read a configuration at most, and print. No other is, whatever it comes to do: examples of the rest name
 * archives, keys and mirrors of the reader, or are about the host, which here is the machine that the tests run on.
 */
const harmless: ReadonlySet<string> = new Set([
  'config print-defaults',
  'config validate',
  'config migrate',
  'completion',
  'version',
]);

test('what is known to be harmless is a command', () => {
  expect(Object.keys(loaded)).toEqual(expect.arrayContaining([...harmless]));
});

/** The command that an argv calls, with arguments and options that it takes; throws for others. */
async function called(argv: readonly string[]): Promise<string | undefined> {
  let name: string | undefined;
  const run = async (definition: CommandDefinition) => {
    name = Object.keys(loaded).find((each) => loaded[each] === definition);
  };
  const program = buildProgram({ table: commands, loaded, columns: 80, write: () => {}, run });
  await program.parseAsync(argv, { from: 'user' });
  return name;
}

/** Examples name no configuration, so that the one of the environment is taken. */
function runWithConfiguration(argv: readonly string[]): Promise<MainResult> {
  return inTemporaryDirectory(async (directory) => {
    const file = join(directory, 'bootstrap.yaml');
    await writeFile(file, printDefaults());
    return runMain(argv, { env: { METALK8S_CONFIG: file } });
  });
}
