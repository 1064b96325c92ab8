import { describe, expect, test } from 'vitest';
import type { CommandTable } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/commands.ts';
import { longFlag } from '../../src/cli/common-options.ts';
import { runMain } from '../support/run-main.ts';

/** The real commands, and which of them were imported. */
function watched(): { table: CommandTable; imported: string[] } {
  const imported: string[] = [];
  const entries = Object.entries(commands).map(([name, { summary, load }]) => {
    const watchedLoad = () => {
      imported.push(name);
      return load();
    };
    return [name, { summary, load: watchedLoad }] as const;
  });
  return { table: Object.fromEntries(entries), imported };
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
  ])('%j', async (argv, expected) => {
    const { table, imported } = watched();
    await runMain(argv, { table });
    expect(imported).toEqual(expected);
  });
});

describe('help', () => {
  test('names every command', async () => {
    const { exit, stdout, stderr } = await runMain(['--help']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    for (const [name, { summary }] of Object.entries(commands))
      expect(stdout).toMatch(new RegExp(`${name} .*${summary}`));
  });

  test.each(Object.entries(commands))('of %s has its options and an example that works', async (name, { load }) => {
    const { options, examples } = await load();
    const { stdout } = await runMain([name, '--help']);
    const { stdout: viaHelp } = await runMain(['help', name]);
    expect(stdout).toBe(viaHelp);
    for (const option of options) expect(stdout).toContain(longFlag(option));
    for (const { command } of examples) {
      expect(stdout).toContain(command);
      const [program, ...argv] = command.split(' ');
      expect(program).toBe('metalk8s');
      expect((await runMain(argv)).exit).toBe(0);
    }
  });
});
