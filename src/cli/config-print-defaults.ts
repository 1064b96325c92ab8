import { printDefaults } from '../config/print-defaults.ts';
import { validateText } from '../config/validate-text.ts';
import type { CommandDefinition } from './command.ts';
import { writeData } from './output.ts';
import { resolveOptions } from './resolve-options.ts';

const options = ['output', 'noColor'] as const;

export const configPrintDefaults: CommandDefinition = {
  description:
    'Prints a whole configuration: every field with its meaning and default, and examples where there is no default. Valid as it stands.',
  options,
  examples: [
    { command: 'metalk8s config print-defaults > /etc/metalk8s/bootstrap.yaml', what: 'a file to start from' },
    { command: 'metalk8s config print-defaults -o json', what: 'without comments, for programs' },
  ],
  async run(context, { flags }) {
    const { output } = resolveOptions(options, { flags, env: context.env });
    const text = printDefaults();
    const validation = validateText(text);
    if (!validation.valid) throw new Error('the printed defaults are not valid');
    await writeData(context, { data: validation.configuration, format: output, text: () => text });
    return 0;
  },
};
