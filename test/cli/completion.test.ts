import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { completables } from '../../src/cli/completables.ts';
import { bashCompletion } from '../../src/cli/completion-bash.ts';
import { fishCompletion } from '../../src/cli/completion-fish.ts';
import { loadAll } from '../../src/cli/load-all.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { runMain } from '../support/run-main.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';
import { openTerminal } from '../support/terminal.ts';
import { fixtureTable } from './fixtures/table.ts';

const fixture = completables(
  buildProgram({
    table: fixtureTable,
    loaded: await loadAll(fixtureTable),
    columns: 80,
    write: () => {},
    run: async () => {},
  }),
);

const ask = 'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _metalk8s; printf "%s\\n" "${COMPREPLY[@]}"';

test.each([
  [['st'], ['steps']],
  [[''], ['steps', 'fail', 'data', 'help', '--help', '--version']],
  [
    ['steps', '--log-f'],
    ['--log-file', '--log-format'],
  ],
  [
    ['steps', '--log-format', ''],
    ['text', 'json'],
  ],
  [
    ['steps', '--log-format', '='],
    ['text', 'json'],
  ],
  [['steps', '--log-format', '=', 'j'], ['json']],
  [['steps', '--log-file', ''], []],
  [['help', 'f'], ['fail']],
  [['nothing', ''], []],
])('bash completes %j', async (words, expected) => {
  const script = `${bashCompletion(fixture)}\n${ask}`;
  const { stdout } = await execa('bash', ['--norc', '-c', script, 'bash', 'metalk8s', ...words]);
  expect(stdout.split('\n').filter((line) => line !== '')).toEqual(expected);
});

test('a person at a bash prompt completes by the tabulator key', { timeout: 30_000 }, async () => {
  await inTemporaryDirectory(async (directory) => {
    const script = join(directory, 'completion');
    await writeFile(script, (await runMain(['completion', 'bash'])).stdout);
    const terminal = openTerminal(['bash', '--norc', '--noprofile', '-i']);
    await terminal.sees('# ');
    terminal.type(`source ${script}; metalk8s() { echo "called: $*"; }; echo rea""dy\n`);
    await terminal.sees('ready');
    terminal.type('metalk8s vers\t-o js\t\n');
    await terminal.sees('called: version -o json');
    terminal.type('exit 0\n');
    expect(await terminal.exitCode()).toBe(0);
  });
});

test('fish is told values, files and summaries, whatever is in them', () => {
  const script = fishCompletion([
    {
      name: 'x',
      summary: "it's \\ x",
      options: [
        { flags: ['-f', '--file'], help: 'a file', value: 'file' },
        { flags: ['--kind'], help: 'a kind', value: ['a', 'b'] },
        { flags: ['--yes'], help: 'a switch', value: undefined },
      ],
      words: ['w'],
    },
  ]);
  expect(script.trimEnd().split('\n').slice(1)).toEqual([
    "complete -c metalk8s -n __fish_use_subcommand -f -a x -d 'it\\'s \\\\ x'",
    "complete -c metalk8s -n '__fish_seen_subcommand_from x' -f -a 'w'",
    "complete -c metalk8s -n '__fish_seen_subcommand_from x' -r -F -s f -l file -d 'a file'",
    "complete -c metalk8s -n '__fish_seen_subcommand_from x' -x -l kind -a 'a b' -d 'a kind'",
    "complete -c metalk8s -n '__fish_seen_subcommand_from x' -f -l yes -d 'a switch'",
  ]);
});

test.each([
  [['con'], ['config']],
  [['config', 'v'], ['validate']],
  [
    ['config', ''],
    ['print-defaults', 'validate', 'migrate', 'help', '-h', '--help'],
  ],
  [['config', 'migrate', '--w'], ['--write']],
  [['config', 'print-defaults', '--w'], []],
  [
    ['config', 'validate', '--output', ''],
    ['text', 'json', 'yaml'],
  ],
  [['config', 'help', 'm'], ['migrate']],
])('bash completes %j, of a group', async (words, expected) => {
  const { stdout: script } = await runMain(['completion', 'bash']);
  const { stdout } = await execa('bash', ['--norc', '-c', `${script}\n${ask}`, 'bash', 'metalk8s', ...words]);
  expect(stdout.split('\n').filter((line) => line !== '')).toEqual(expected);
});
