import { readConfigurationText } from '../config/load.ts';
import { validateText } from '../config/validate-text.ts';
import { type Finding, formatFinding } from '../documents/finding.ts';
import { errorCodes } from '../errors/error-codes.ts';
import { counted } from '../events/words.ts';
import type { CommandDefinition } from './command.ts';
import { writeData } from './output.ts';
import { resolveOptions } from './resolve-options.ts';

const options = ['config', 'output', 'noColor'] as const;

export const configValidate: CommandDefinition = {
  description:
    'Checks a configuration and prints everything that is wrong with it, by line and column. Looks at nothing but the file. Ends with ' +
    `exit status ${errorCodes.CONFIG_INVALID.exit} when there is an error; warnings are no errors.`,
  options,
  examples: [
    { command: 'metalk8s config validate', what: 'the file in its usual place' },
    { command: 'metalk8s config validate -o json', what: 'findings for programs' },
  ],
  async run(context, { flags }) {
    const { config: file, output } = resolveOptions(options, { flags, env: context.env });
    const { valid, findings } = validateText(await readConfigurationText(file));
    await writeData(context, { data: { file, valid, findings }, format: output, text });
    return valid ? 0 : errorCodes.CONFIG_INVALID.exit;
  },
};

type Report = { readonly file: string; readonly valid: boolean; readonly findings: readonly Finding[] };

function text({ file, valid, findings }: Report): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const counts = [
    ...(valid ? ['valid'] : [counted(errors, 'error')]),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
  ];
  const lines = findings.map((finding) => formatFinding(finding, file));
  return `${[...lines, `${file}: ${counts.join(', ')}`].join('\n')}\n`;
}
