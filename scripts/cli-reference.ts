import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import type { CommandDefinition } from '../src/cli/command.ts';
import { commands } from '../src/cli/commands.ts';
import { pickCommon } from '../src/cli/common-options.ts';
import { loadAll } from '../src/cli/load-all.ts';
import { type CommandOption, longFlagOf, variableOf } from '../src/cli/option.ts';
import { buildProgram } from '../src/cli/program.ts';
import { errorCodes } from '../src/errors/error-codes.ts';
import { markdownTable } from './markdown-table.ts';

/** Where the reference lies, from the root of the repository. */
export const referencePath = 'docs/reference/cli.md';

/** The reference of the command line, from the program itself: the help of each command, the variables, the exit statuses. */
export async function cliReference(): Promise<string> {
  const written: string[] = [];
  const loaded = await loadAll(commands);
  const write = (text: string) => written.push(text);
  const parts = { table: commands, columns: 100, write, run: async () => {} };
  const helpOf = (command: Command) => {
    command.outputHelp();
    return written.splice(0).join('').trimEnd();
  };
  const bare = buildProgram({ ...parts, loaded: {} });
  // As the program shows them: of the members of a group it loads none for the group's own help.
  const groups = new Map(withMembers(bare, 'metalk8s').filter(([, { commands: members }]) => members.length > 0));
  return `# The command line

<!-- Made by \`node scripts/cli-reference.ts\`; a test tells when it is out of date. -->

\`\`\`text
${helpOf(bare)}
\`\`\`
${withMembers(buildProgram({ ...parts, loaded }), 'metalk8s')
  .map(([name, command]) => `\n## ${name}\n\n\`\`\`text\n${helpOf(groups.get(name) ?? command)}\n\`\`\`\n`)
  .join('')}
## Where values come from

A flag is stronger than its environment variable, and that is stronger than the default. An empty variable counts as not set. Switches
take \`true\`, \`yes\`, \`1\`, \`false\`, \`no\` or \`0\`.

${markdownTable(['Flag', 'Variable', 'Of'], variables(loaded))}

## Exit status

Data goes to standard output, everything else to standard error. SIGINT (Ctrl-C), SIGTERM and SIGHUP stop after the current step; a SIGINT
after that leaves at once. Both exit with 130.

${markdownTable(['Exit', 'Code', 'Meaning'], exits())}
`;
}

/** Every command with its full name; a group before its commands. */
function withMembers(parent: Command, prefix: string): [string, Command][] {
  return parent.commands.flatMap((command): [string, Command][] => {
    const name = `${prefix} ${command.name()}`;
    return [[name, command], ...withMembers(command, name)];
  });
}

/** Every option once, with the commands that take it; two that are called the same may have different variables. */
function variables(loaded: Readonly<Record<string, CommandDefinition>>): string[][] {
  const taken = Object.entries(loaded);
  const common = taken.flatMap(([command, { options }]) => named(pickCommon(options), command));
  const own = taken.flatMap(([command, { ownOptions = {} }]) => named(ownOptions, command));
  const rows = Map.groupBy([...common, ...own], ({ option }) => `${longFlagOf(option)} ${variableOf(option)}`);
  return [...rows].map(([names, takers]) => {
    const commands = takers.map(({ command }) => `\`${command}\``).join(', ');
    return [...names.split(' ').map((name) => `\`${name}\``), commands];
  });
}

function named(options: Readonly<Record<string, CommandOption>>, command: string) {
  return Object.values(options).map((option) => ({ option, command }));
}

function exits(): string[][] {
  const rows = Object.entries(errorCodes).map(([code, { exit, meaning }]) => [String(exit), `\`${code}\``, meaning]);
  return [['0', '', 'done, or nothing to do'], ...rows];
}

if (import.meta.main) {
  const path = join(import.meta.dirname, '..', referencePath);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, await cliReference());
  process.stdout.write(`${referencePath} is written\n`);
}
