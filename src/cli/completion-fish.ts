import type { Completable, CompletableOption } from './completables.ts';

export function fishCompletion(commands: readonly Completable[]): string {
  return `# fish completion of metalk8s\n${commands.flatMap((command) => lines(command)).join('\n')}\n`;
}

function lines({ name, summary, options, words, commands = [] }: Completable, group?: Group): string[] {
  const seen = [...(group ? [group.seen] : []), `__fish_seen_subcommand_from ${name}`].join('; and ');
  const within = `complete -c metalk8s -n ${quote(seen)}`;
  const start = group
    ? quote(`${group.seen}; and not __fish_seen_subcommand_from ${group.members}`)
    : '__fish_use_subcommand';
  const members = commands.map((member) => member.name).join(' ');
  return [
    `complete -c metalk8s -n ${start} -f -a ${name} -d ${quote(summary)}`,
    ...(words.length === 0 ? [] : [`${within} -f -a ${quote(words.join(' '))}`]),
    ...(commands.length > 0
      ? []
      : options.map((option) => `${within} ${optionWords(option)} -d ${quote(option.help)}`)),
    ...commands.flatMap((member) => lines(member, { seen, members })),
  ];
}

/** The conditions of fish for being within a group: the words before, and the group's commands. */
interface Group {
  readonly seen: string;
  readonly members: string;
}

function optionWords({ flags, value }: CompletableOption): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(' ');
  if (value === undefined) return `-f ${names}`;
  return value === 'file' ? `-r -F ${names}` : `-x ${names} -a ${quote(value.join(' '))}`;
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
