import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { runMain } from '../../support/run-main.ts';
import { inTemporaryDirectory } from '../../support/temporary-directory.ts';
import { openTerminal } from '../../support/terminal.ts';

async function withScript(shell: string, use: (script: string, directory: string) => Promise<void>): Promise<void> {
  await inTemporaryDirectory(async (directory) => {
    const script = join(directory, 'completion');
    await writeFile(script, (await runMain(['completion', shell])).stdout);
    await use(script, directory);
  });
}

test('a person at a zsh prompt completes by the tabulator key', async () => {
  await withScript('zsh', async (script, directory) => {
    const terminal = openTerminal(['zsh', '-f', '-i'], { env: { HOME: directory } });
    await terminal.sees('# ');
    terminal.type(`autoload -U compinit && compinit -D -u; source ${script}\n`);
    terminal.type('metalk8s() { echo "called: $*"; }; echo rea""dy\n');
    await terminal.sees('ready');
    terminal.type('metalk8s vers\t-o js\t\n');
    await terminal.sees('called: version -o json');
    terminal.type('exit 0\n');
    expect(await terminal.exitCode()).toBe(0);
  });
});

test.each([
  ['metalk8s ver', ['verify', 'version']],
  ['metalk8s vers', ['version']],
  ['metalk8s version -o ', ['json', 'text', 'yaml']],
  ['metalk8s version --outp', ['--output']],
  ['metalk8s completion ', ['bash', 'fish', 'zsh']],
  ['metalk8s config v', ['validate']],
  ['metalk8s config migrate --wr', ['--write']],
  ['metalk8s config validate -o ', ['json', 'text', 'yaml']],
])('fish completes %j', async (line, expected) => {
  await withScript('fish', async (script, directory) => {
    const { stdout } = await execa(
      'fish',
      ['--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', script, line],
      {
        env: { HOME: directory },
      },
    );
    expect(stdout.split('\n').map((row) => row.split('\t')[0])).toEqual(expected);
  });
});
