import { binariesCommand } from './commands/binaries.ts';
import { pinCommand } from './commands/pin.ts';
import { releaseCommand } from './commands/release.ts';
import type { Subcommand } from './commands/subcommand.ts';

/** The subcommands of `node test/support/release/main.ts`, by name. */
const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  binaries: binariesCommand,
  pin: pinCommand,
  release: releaseCommand,
};

const [name = '', ...args] = process.argv.slice(2);
const subcommand = SUBCOMMANDS[name];
if (subcommand) {
  try {
    await subcommand.run(args, (line) => process.stderr.write(`${line}\n`));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
} else {
  process.stderr.write('usage: node test/support/release/main.ts <subcommand>\n\n');
  for (const { usage, purpose } of Object.values(SUBCOMMANDS)) process.stderr.write(`  ${usage}\n      ${purpose}\n`);
  process.exitCode = 2;
}
