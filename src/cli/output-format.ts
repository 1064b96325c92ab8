/** The common option `--output` under another name, for commands that have that one for the file which they write. */
export const outputFormat = {
  type: 'choice',
  flags: '-o, --output-format <format>',
  help: 'how the result is written to standard output',
  choices: ['text', 'json', 'yaml'],
  default: 'text',
  variable: 'METALK8S_OUTPUT',
} as const;
