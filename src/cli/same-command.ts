import type { CommandContext } from './command.ts';

/**
 * The command that the user gave, to be pasted into a shell: through the launcher that started the program, with the key that it was given, by
 * sudo where that was used.
 */
export function sameCommand({ argv, env }: Pick<CommandContext, 'argv' | 'env'>): string {
  const sudo = env.SUDO_USER ? ['sudo'] : [];
  return [...sudo, ...program(argv, env), ...argv].map(shellWord).join(' ');
}

function program(argv: readonly string[], env: CommandContext['env']): readonly string[] {
  const { METALK8S_ARCHIVE: archive, METALK8S_TRUSTED_KEY: key } = env;
  if (!archive) return ['metalk8s'];
  const isNamed = argv.some((word) => word === '--trusted-key' || word.startsWith('--trusted-key='));
  const trusted = key && !isNamed ? ['--trusted-key', key] : [];
  return ['sh', `${archive.replace(/\/$/, '')}/metalk8s`, ...trusted];
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
