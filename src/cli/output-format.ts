/** For commands that have `--output` for the file that they write: how data is written to standard output, under another name of the same. */
export const outputFormat = {
  type: 'choice',
  flags: '-o, --output-format <format>',
  help: 'how the result is written to standard output',
  choices: ['text', 'json', 'yaml'],
  default: 'text',
  variable: 'METALK8S_OUTPUT',
} as const;
