import { parseArgs } from 'node:util';
import { checkGolden } from './check-golden.ts';
import { CONFIGURATIONS } from './configurations.ts';
import { countEntries } from './count-entries.ts';
import { GOLDEN, writeGolden } from './golden-files.ts';
import { makeGolden } from './make-golden.ts';
import { ORACLE_VERSIONS, oracleVersion } from './versions.ts';

const USAGE = `Makes golden data of what kubeadm does, with the real kubeadm of each supported minor version.

  node test/support/kubeadm/main.ts [--check] [--version 1.36.3]... [CONFIGURATION...]

Without --check the data under test/golden/kubeadm is written anew; with it, compared, and the exit code is 1 when it differs.
Needs root on Linux. Configurations:
${CONFIGURATIONS.map(({ name, shows }) => `  ${name.padEnd(24)}${shows}`).join('\n')}
`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { check: { type: 'boolean' }, version: { type: 'string', multiple: true }, help: { type: 'boolean' } },
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
  const versions = values.version?.map(oracleVersion) ?? ORACLE_VERSIONS;
  const configurations = CONFIGURATIONS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  let differences = 0;
  for (const { minor, version } of versions) {
    const made = await makeGolden(version, configurations, (line) => process.stderr.write(`${line}\n`));
    for (const { name } of configurations) {
      const entries = made.get(name) ?? new Map();
      if (values.check) differences += await check(minor, name, entries);
      else {
        await writeGolden({ root: GOLDEN, minor, configuration: name }, entries);
        process.stdout.write(`${minor} ${name}: ${countEntries(entries)} written\n`);
      }
    }
  }
  return differences === 0 ? 0 : 1;
}

async function check(minor: string, configuration: string, entries: ReadonlyMap<string, string>): Promise<number> {
  const { summary, differences } = await checkGolden({ minor, configuration, entries });
  process.stdout.write([summary, ...differences, ''].join('\n'));
  return differences.length;
}
