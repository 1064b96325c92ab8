import { CommanderError } from 'commander';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { CommandContext, CommandDefinition, CommandTable } from './command.ts';
import { buildProgram } from './program.ts';

/** Runs the command that argv names. Returns its exit status; wrong usage is thrown as USAGE, with the nearest right word. */
export async function runProgram(
  context: CommandContext,
  argv: readonly string[],
  table: CommandTable,
): Promise<number> {
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
    await program.parseAsync(withoutVainHelp(argv, table), { from: 'user' });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw usageError(error);
  }
}

/** `help NAME` with a wrong name is judged as the wrong name alone: commander would show the help of the whole program. */
function withoutVainHelp(argv: readonly string[], table: CommandTable): readonly string[] {
  const [first, name] = argv;
  return first === 'help' && name !== undefined && !Object.hasOwn(table, name) ? argv.slice(1) : argv;
}

/** Imports the one command that is called, or whose help is asked for. The program itself has no option that takes a value. */
async function loadCalled(argv: readonly string[], table: CommandTable): Promise<Record<string, CommandDefinition>> {
  const words = argv.filter((word) => !word.startsWith('-'));
  const name = words[0] === 'help' ? words[1] : words[0];
  if (name === undefined || !Object.hasOwn(table, name)) return {};
  const entry = table[name];
  return entry === undefined ? {} : { [name]: await entry.load() };
}

function usageError({ code, message }: CommanderError): MetalK8sError {
  if (code === 'commander.help') return new MetalK8sError('USAGE', 'no command was given', { hint: helpHint });
  const [what = '', suggestion] = message.replace(/^error: /, '').split('\n');
  const nearest = suggestion?.replace(/^\(|\)$/g, '');
  return new MetalK8sError('USAGE', what, { hint: nearest === undefined ? helpHint : `${nearest} ${helpHint}` });
}

const helpHint = '`metalk8s --help` shows the commands, `metalk8s COMMAND --help` the options of one.';
