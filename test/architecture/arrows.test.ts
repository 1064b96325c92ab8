import { describe, expect, test } from 'vitest';
import { arrowViolations, lintReport, type Sources } from './violations.ts';

const plan = 'export const plan = 1;\n';
const host = 'export const host = 1;\n';

const broken: readonly [string, Sources, string][] = [
  [
    'a pure folder imports node:fs',
    { 'src/plan/read.ts': "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n" },
    'pure-takes-no-world: src/plan/read.ts → fs',
  ],
  [
    'a pure folder imports a type of node:child_process',
    { 'src/salt/run.ts': "import type { ChildProcess } from 'node:child_process';\nexport type Run = ChildProcess;\n" },
    'pure-takes-no-world: src/salt/run.ts → child_process',
  ],
  [
    'a pure folder imports an impure one',
    {
      'src/plan/ask.ts': "import { host } from '../hosts/host.ts';\nexport const ask = host;\n",
      'src/hosts/host.ts': host,
    },
    'pure-imports-only-pure: src/plan/ask.ts → src/hosts/host.ts',
  ],
  [
    'hosts imports plan',
    {
      'src/hosts/host.ts': "import { plan } from '../plan/plan.ts';\nexport const host = plan;\n",
      'src/plan/plan.ts': plan,
    },
    'hosts-imports-only-its-own: src/hosts/host.ts → src/plan/plan.ts',
  ],
  [
    'hosts imports a mere type of plan',
    {
      'src/hosts/host.ts': "import type { Plan } from '../plan/plan.ts';\nexport type Host = Plan;\n",
      'src/plan/plan.ts': 'export type Plan = 1;\n',
    },
    'hosts-imports-only-its-own: src/hosts/host.ts → src/plan/plan.ts',
  ],
  [
    'engine imports progress',
    {
      'src/engine/run.ts': "import { rows } from '../progress/rows.ts';\nexport const run = rows;\n",
      'src/progress/rows.ts': 'export const rows = 1;\n',
    },
    'engine-imports-only-its-own: src/engine/run.ts → src/progress/rows.ts',
  ],
  [
    'errors imports config',
    {
      'src/errors/error.ts': "import { config } from '../config/config.ts';\nexport const error = config;\n",
      'src/config/config.ts': 'export const config = 1;\n',
    },
    'foundations-import-nothing: src/errors/error.ts → src/config/config.ts',
  ],
  [
    'a pure folder acts through a package',
    { 'src/facts/probe.ts': "import { execa } from 'execa';\nexport const probe = execa;\n" },
    'pure-acts-through-no-package: src/facts/probe.ts → ',
  ],
  [
    'sources import tests',
    {
      'src/cli/main.ts': "import { fake } from '../../test/fake.ts';\nexport const main = fake;\n",
      'test/fake.ts': 'export const fake = 1;\n',
    },
    'src-knows-no-tests-or-scripts: src/cli/main.ts → test/fake.ts',
  ],
];

describe('the arrow check', () => {
  test.each(broken)('names the place when %s', async (_title, sources, expected) => {
    expect(await arrowViolations(sources)).toContainEqual(expect.stringContaining(expected));
  });

  test('accepts what the architecture allows', async () => {
    const violations = await arrowViolations({
      'src/facts/gather.ts': "import { readFileSync } from 'node:fs';\nexport const gather = readFileSync;\n",
      'src/plan/plan.ts': "import { createHash } from 'node:crypto';\nexport const plan = createHash;\n",
      'src/hosts/local.ts': "import { execa } from 'execa';\nexport const run = execa;\n",
      'src/cli/bootstrap.ts':
        "import { plan } from '../plan/plan.ts';\nimport { run } from '../hosts/local.ts';\nexport const all = [plan, run];\n",
    });
    expect(violations).toEqual([]);
  });
});

describe('the linter', () => {
  test.each([
    ['the clock', 'export const now = Date.now();\n', 'takes no clock'],
    ['today', 'export const now = new Date();\n', 'takes no clock'],
    ['chance', 'export const chance = Math.random();\n', 'takes no clock and no randomness'],
    ['the environment', 'export const home = process.env.HOME;\n', 'global variable process'],
    [
      'random bytes',
      "import { randomBytes } from 'node:crypto';\nexport const r = randomBytes;\n",
      'nothing but createHash',
    ],
  ])('keeps %s out of a pure folder', async (_title, source, expected) => {
    expect(await lintReport({ 'src/plan/plan.ts': source })).toContain(expected);
  });

  test('lets an impure folder have them', async () => {
    const source = 'export const now = [Date.now(), Math.random(), process.env.HOME];\n';
    expect(await lintReport({ 'src/engine/clock.ts': source })).not.toContain('pure folder');
  });
});
