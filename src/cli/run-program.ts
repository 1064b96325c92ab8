import { CommanderError } from 'commander';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { type CommandContext, type CommandDefinition, type CommandTable, isGroup } from './command.ts';
import { buildProgram } from './program.ts';

/** Runs the command that argv names. Returns its exit status; wrong usage is thrown as USAGE, with the nearest right word. */
export async function runProgram(context: CommandContext, table: CommandTable): Promise<number> {
  const { argv } = context;
  let status = 0;
  const program = buildProgram({
    table,
    loaded: await loadCalled(argv, table),
    columns: context.stdout.columns ?? 80,
    write: (text) => context.stdout.write(text),
    run: async (definition, command) => {
      status = await definition.run(context, { args: command.args, flags: command.opts(), table });
    },
  });
  try {
    await program.parseAsync(helpForCommander(argv, table), { from: 'user' });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw usageError(error, argv, table);
  }
}

/**
 * `help` as commander takes it. `help NAME` with a wrong name is judged as the wrong name alone: commander would show the help of the whole program.
 * `help GROUP NAME` is `GROUP help NAME`: it would show that of the group.
 */
function helpForCommander(argv: readonly string[], table: CommandTable): readonly string[] {
  const [first, name, ...rest] = argv;
  if (first === 'help' && name !== undefined) {
    const named = entryOf(table, name);
    if (named === undefined) return [name, ...rest];
    return isGroup(named) ? [name, ...helpForCommander(['help', ...rest], named.commands)] : argv;
  }
  const entry = entryOf(table, first);
  if (first === undefined || entry === undefined || !isGroup(entry)) return argv;
  return [first, ...helpForCommander(argv.slice(1), entry.commands)];
}

/** Imports the one command that is called, or whose help is asked for. Neither the program nor a group has an option that takes a value. */
async function loadCalled(argv: readonly string[], table: CommandTable): Promise<Record<string, CommandDefinition>> {
  const words = argv.filter((word) => !word.startsWith('-') && word !== 'help');
  const [name, member] = words;
  const entry = entryOf(table, name);
  if (name === undefined || entry === undefined) return {};
  if (!isGroup(entry)) return { [name]: await entry.load() };
  const found = entryOf(entry.commands, member);
  return found === undefined || isGroup(found) ? {} : { [`${name} ${member}`]: await found.load() };
}

function entryOf(table: CommandTable, name: string | undefined): CommandTable[string] | undefined {
  return name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}

function usageError({ code, message }: CommanderError, argv: readonly string[], table: CommandTable): MetalK8sError {
  const helpHint = helpHintOf(argv, table);
  if (code === 'commander.help') return new MetalK8sError('USAGE', 'no command was given', { hint: helpHint });
  const [what = '', suggestion] = message.replace(/^error: /, '').split('\n');
  const nearest = suggestion?.replace(/^\(|\)$/g, '');
  return new MetalK8sError('USAGE', what, { hint: nearest === undefined ? helpHint : `${nearest} ${helpHint}` });
}

function helpHintOf(argv: readonly string[], table: CommandTable): string {
  const name = argv.find((word) => word !== 'help');
  const entry = entryOf(table, name);
  const program = entry !== undefined && isGroup(entry) ? `metalk8s ${name}` : 'metalk8s';
  return `\`${program} --help\` shows the commands, \`${program} COMMAND --help\` the options of one.`;
}
