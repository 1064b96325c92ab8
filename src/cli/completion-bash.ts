import type { Completable } from './completables.ts';

/** Where there are no words, the shell completes file names by itself. */
export function bashCompletion(commands: readonly Completable[]): string {
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
    case "\${COMP_WORDS[1]} $previous" in
${commands.flatMap(cases).join('\n')}
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

function cases({ name, options, words }: Completable): string[] {
  const flags = options.flatMap((option) => option.flags);
  const values = options.flatMap(({ flags: takers, value }) =>
    value === undefined
      ? []
      : [
          `      ${takers.map((flag) => `'${name} ${flag}'`).join(' | ')}) words='${value === 'file' ? '' : value.join(' ')}' ;;`,
        ],
  );
  return [...values, `      '${name} '*) words='${[...words, ...flags].join(' ')}' ;;`];
}
