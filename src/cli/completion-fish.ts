import type { Completable, CompletableOption } from './completables.ts';

export function fishCompletion(commands: readonly Completable[]): string {
  return `# fish completion of metalk8s\n${commands.flatMap(lines).join('\n')}\n`;
}

function lines({ name, summary, options, words }: Completable): string[] {
  const within = `complete -c metalk8s -n ${quote(`__fish_seen_subcommand_from ${name}`)}`;
  return [
    `complete -c metalk8s -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`,
    ...(words.length === 0 ? [] : [`${within} -f -a ${quote(words.join(' '))}`]),
    ...options.map((option) => `${within} ${optionWords(option)} -d ${quote(option.help)}`),
  ];
}

function optionWords({ flags, value }: CompletableOption): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(' ');
  if (value === undefined) return `-f ${names}`;
  return value === 'file' ? `-r -F ${names}` : `-x ${names} -a ${quote(value.join(' '))}`;
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
