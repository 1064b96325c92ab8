import type { Completable } from './completables.ts';

/** Where there are no words, the shell completes file names by itself. */
export function bashCompletion(commands: readonly Completable[]): string {
  const groups = commands.filter((command) => command.commands !== undefined).map(({ name }) => name);
  return `# bash completion of metalk8s
_metalk8s() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} words=
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  if (( COMP_CWORD == 1 )); then
    words='${[...commands.map(({ name }) => name), '--help', '--version'].join(' ')}'
  else
    local command=\${COMP_WORDS[1]}
${groups.map((name) => `    [[ $command == ${name} && $COMP_CWORD -gt 2 ]] && command+=" \${COMP_WORDS[2]}"\n`).join('')}\
    case "$command $previous" in
${commands.flatMap((command) => cases(command)).join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _metalk8s metalk8s
`;
}

/** zsh runs completions of bash. */
export function zshCompletion(commands: readonly Completable[]): string {
  return `autoload -U +X bashcompinit && bashcompinit\n${bashCompletion(commands)}`;
}

function cases({ name, options, words, commands = [] }: Completable, prefix = ''): string[] {
  const command = `${prefix}${name}`;
  const flags = options.flatMap((option) => option.flags);
  const values = options.flatMap(({ flags: takers, value }) =>
    value === undefined
      ? []
      : [
          `      ${takers.map((flag) => `'${command} ${flag}'`).join(' | ')}) words='${value === 'file' ? '' : value.join(' ')}' ;;`,
        ],
  );
  const members = commands.map((member) => member.name);
  return [
    ...commands.flatMap((member) => cases(member, `${command} `)),
    ...values,
    `      '${command} '*) words='${[...members, ...words, ...flags].join(' ')}' ;;`,
  ];
}
