import { readConfigurationText } from '../config/load.ts';
import { type MigrationStep, migrateText } from '../config/migrate-text.ts';
import { formatFinding } from '../documents/finding.ts';
import { clean } from '../errors/clean.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { CommandContext, CommandDefinition } from './command.ts';
import { writeData } from './output.ts';
import { replaceFile } from './replace-file.ts';
import { resolveOptions } from './resolve-options.ts';
import { write } from './write.ts';

const options = ['config', 'output', 'noColor'] as const;

export const configMigrate: CommandDefinition = {
  description:
    'Rewrites a configuration of v1alpha2 as v1alpha3 and keeps its comments. Prints the new text on standard output and what changed on standard ' +
    'error; with --write the file is replaced.',
  options,
  configure: (command) => command.option('--write', 'replace the file'),
  examples: [
    { command: 'metalk8s config migrate', what: 'show the file as it would be' },
    { command: 'metalk8s config migrate --write', what: 'replace it' },
  ],
  async run(context, { flags }) {
    const { config: file, output } = resolveOptions(options, { flags, env: context.env });
    const { text, changes } = migrate(file, await readConfigurationText(file));
    const written = flags.write === true && changes.length > 0;
    if (written) await replaceFile(file, text);
    await tell(context, describe(file, changes, written));
    const data = { file, written, changes, text };
    if (output !== 'text' || flags.write !== true) await writeData(context, { data, format: output, text: () => text });
    return 0;
  },
};

function migrate(file: string, text: string): { text: string; changes: readonly MigrationStep[] } {
  const migration = migrateText(text);
  if (migration.valid) return migration;
  const lines = migration.findings.map((finding) => formatFinding(finding, file));
  throw new MetalK8sError(
    'CONFIG_INVALID',
    ['the configuration is invalid, so it was not migrated', ...lines].join('\n'),
    {
      where: file,
      hint: 'Mend the lines named above, then migrate again.',
    },
  );
}

function describe(file: string, changes: readonly MigrationStep[], written: boolean): string[] {
  if (changes.length === 0) return [`${file}: nothing to migrate`];
  const lines = changes.map(({ line, path, message }) => `${file}:${line}: ${path}: ${message}`);
  return [...lines, written ? `${file}: rewritten` : `${file}: not changed; --write rewrites it`];
}

async function tell(context: CommandContext, lines: readonly string[]): Promise<void> {
  await write(context.stderr, `${clean(lines, context.secrets).join('\n')}\n`);
}
