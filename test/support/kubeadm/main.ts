import { parseArgs } from 'node:util';
import { checkGolden } from './check-golden.ts';
import { compareEntries } from './compare.ts';
import type { OracleConfiguration } from './configuration.ts';
import { CONFIGURATIONS } from './configurations.ts';
import { countEntries } from './count-entries.ts';
import { GOLDEN, readGolden, writeGolden } from './golden-files.ts';
import { makeGolden } from './make-golden.ts';
import { ORACLE_VERSIONS, type OracleVersion, oracleVersion } from './versions.ts';

const USAGE = `Makes golden data of what kubeadm does, with the real kubeadm of each supported minor version.

  node test/support/kubeadm/main.ts [--check] [--version 1.36.3]... [CONFIGURATION...]
  node test/support/kubeadm/main.ts --between 1.35,1.36 [CONFIGURATION...]

Without --check the data under test/golden/kubeadm is written anew; with it, compared, and the exit code is 1 when it differs.
Needs root on Linux. With --between nothing is made: the stored data of two versions is compared. Configurations:
${CONFIGURATIONS.map(({ name, shows }) => `  ${name.padEnd(24)}${shows}`).join('\n')}
`;

type Configurations = readonly OracleConfiguration[];

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      check: { type: 'boolean' },
      version: { type: 'string', multiple: true },
      between: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const unknown = positionals.filter((name) => !CONFIGURATIONS.some((configuration) => configuration.name === name));
  if (unknown.length > 0) {
    process.stderr.write(`no configuration ${unknown.join(', ')}\n\n${USAGE}`);
    return 2;
  }
  const configurations = CONFIGURATIONS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  if (values.between !== undefined) return showBetween(values.between.split(',').map(oracleVersion), configurations);
  const versions = values.version?.map(oracleVersion) ?? ORACLE_VERSIONS;
  let differences = 0;
  for (const version of versions) differences += await make(version, configurations, values.check === true);
  return differences === 0 ? 0 : 1;
}

async function make(
  { minor, version }: OracleVersion,
  configurations: Configurations,
  onlyCheck: boolean,
): Promise<number> {
  const made = await makeGolden(version, configurations, (line) => process.stderr.write(`${line}\n`));
  let differences = 0;
  for (const { name } of configurations) {
    const entries = made.get(name) ?? new Map();
    if (onlyCheck) differences += await check(minor, name, entries);
    else {
      await writeGolden({ root: GOLDEN, minor, configuration: name }, entries);
      process.stdout.write(`${minor} ${name}: ${countEntries(entries)} written\n`);
    }
  }
  return differences;
}

async function showBetween(versions: readonly OracleVersion[], configurations: Configurations): Promise<number> {
  for (const { name } of configurations) {
    const [one, other] = await Promise.all(
      versions.map(({ minor }) => readGolden({ root: GOLDEN, minor, configuration: name })),
    );
    if (one === undefined || other === undefined) throw new Error('--between takes two versions, such as 1.35,1.36');
    for (const { file, field, golden, made } of compareEntries(one, other)) {
      process.stdout.write(`${name} ${file} ${field}: ${golden} → ${made}\n`);
    }
  }
  return 0;
}

async function check(minor: string, configuration: string, entries: ReadonlyMap<string, string>): Promise<number> {
  const { summary, differences } = await checkGolden({ minor, configuration, entries });
  process.stdout.write([summary, ...differences, ''].join('\n'));
  return differences.length;
}
