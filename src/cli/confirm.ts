import { createInterface } from 'node:readline/promises';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { CommandContext } from './command.ts';
import { write } from './write.ts';

export interface Confirmation {
  /** What will happen, as lines for people. */
  readonly warning: readonly string[];
  /** The word that has to be typed. */
  readonly word: string;
}

/** Throws a `USAGE` where nobody can be asked. */
export function requireTerminal({ openStdin, stderr }: Pick<CommandContext, 'openStdin' | 'stderr'>): void {
  if (openStdin().isTTY === true && stderr.isTTY === true) return;
  throw new MetalK8sError('USAGE', 'there is no terminal to ask on whether this is meant', {
    hint: 'Say so beforehand: --yes',
  });
}

/** Asks on the terminal. Throws a `USAGE` when something else than the word is typed, and the reason of `stop` when that is aborted. */
export async function confirm(context: CommandContext, { warning, word }: Confirmation): Promise<void> {
  const { stderr, stop } = context;
  await write(stderr, `${warning.join('\n')}\n`);
  // Not as a terminal: so Ctrl-C stays a signal.
  const asking = createInterface({ input: context.openStdin(), output: stderr, terminal: false });
  try {
    const closed = new Promise<string>((resolve) => asking.once('close', () => resolve('')));
    const answer = await Promise.race([asking.question(`Type ${word} to go on: `, { signal: stop }), closed]);
    if (answer.trim() === word) return;
  } catch (error) {
    stop.throwIfAborted();
    throw error;
  } finally {
    asking.close();
    context.openStdin().pause();
  }
  throw new MetalK8sError('USAGE', `that was not ${word}, so nothing was changed`, {
    hint: 'Run it again if it was meant.',
  });
}
