import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cliReference, referencePath } from '../../scripts/cli-reference.ts';
import { commands } from '../../src/cli/commands.ts';
import { pickCommon } from '../../src/cli/common-options.ts';
import { loadAll } from '../../src/cli/load-all.ts';
import { longFlagOf, variableOf } from '../../src/cli/option.ts';

test('the reference of the command line is what the program says; `node scripts/cli-reference.ts` makes it again', async () => {
  const written = await readFile(join(import.meta.dirname, '../..', referencePath), 'utf8');
  expect(written).toBe(await cliReference());
});

test('each option with its variable stands there once, with the commands that take it', async () => {
  const rows = [...(await cliReference()).matchAll(/^\| `(--\S+)` \| `(METALK8S_\S+)` \| (.*) \|$/gm)];
  const told = new Map(rows.map(([, flag, variable, of = '']) => [`${flag} ${variable}`, of.split(', ').sort()]));
  expect(told.size).toBe(rows.length);
  const taken = new Map<string, string[]>();
  for (const [command, { options, ownOptions = {} }] of Object.entries(await loadAll(commands))) {
    for (const option of [...Object.values(pickCommon(options)), ...Object.values(ownOptions)]) {
      const key = `${longFlagOf(option)} ${variableOf(option)}`;
      taken.set(key, [...(taken.get(key) ?? []), `\`${command}\``].sort());
    }
  }
  expect(told).toEqual(taken);
});
