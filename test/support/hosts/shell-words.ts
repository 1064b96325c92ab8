import type { Command } from './types.ts';

/** A command as the one line that SSH carries to the login shell; every word arrives as it is. */
export function commandLine(command: Command): string {
  // Debian's bash reads bashrc for any command that SSH starts, and there it trips over `-u`.
  if ('script' in command) return commandLine(['bash', '--norc', '-euo', 'pipefail', '-c', command.script]);
  return command.map(quote).join(' ');
}

/** A word that a POSIX shell reads as this very text. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
