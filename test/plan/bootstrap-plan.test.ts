import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { EffectiveConfiguration } from '../../src/config/configuration.types.ts';
import { type BootstrapInputs, bootstrapPlan } from '../../src/plan/bootstrap-plan.ts';
import { filesOfStep, type Plan, type Step } from '../../src/plan/plan.ts';
import { planText } from '../../src/plan/plan-text.ts';
import type { Action } from '../../src/plan/step-kinds.ts';
import type { UndoAction } from '../../src/plan/undo-kinds.ts';
import { saltPhases } from '../../src/salt/phases.ts';
import { availableArchive, bootstrapInputs, gatheredFacts } from '../support/plan/bootstrap-inputs.ts';

const GOLDEN = join(import.meta.dirname, '../golden/plans');

/** What the plans of test/golden/plans are made for, by name: `vitest run --project fast test/plan -u` writes them anew. */
const cases: Readonly<Record<string, () => Promise<BootstrapInputs>>> = {
  'least-configuration': () => bootstrapInputs(),
  'no-network-plugin': () => withConfiguration(({ networks }) => ({ networks: { ...networks, cni: 'none' } })),
  'endpoint-proxies-algorithms': () =>
    withConfiguration(({ networks, kubernetes }) => ({
      networks: { ...networks, controlPlane: { ...networks.controlPlane, endpoint: 'api.example.com:8443' } },
      proxies: { https: 'http://proxy.example.com:3128', no_proxy: ['.example.com'] },
      kubernetes: {
        ...kubernetes,
        certificates: { keyAlgorithm: 'ECDSA-P384' },
        secretsEncryption: 'aescbc',
      },
    })),
  'removable-medium-without-loop-devices': async () =>
    bootstrapInputs({
      archives: [await availableArchive({ stays: false, path: '/dev/sr0' })],
      facts: gatheredFacts({ mountsImages: false }),
    }),
  'two-archives': async () =>
    bootstrapInputs({
      archives: [
        await availableArchive({ path: '/data/old', kind: 'folder' }, { version: '9.10.0' }),
        await availableArchive({ stays: false, path: '/mnt/new.iso' }),
      ],
    }),
};

async function withConfiguration(
  change: (configuration: EffectiveConfiguration) => Partial<EffectiveConfiguration>,
): Promise<BootstrapInputs> {
  const inputs = await bootstrapInputs();
  return { ...inputs, configuration: { ...inputs.configuration, ...change(inputs.configuration) } };
}

const plans: Record<string, Plan> = {};
beforeAll(async () => {
  for (const [name, inputs] of Object.entries(cases)) plans[name] = bootstrapPlan(await inputs());
});

function planOf(name: string): Plan {
  const plan = plans[name];
  if (plan === undefined) throw new Error(`no plan is called ${name}`);
  return plan;
}

/** Contents have golden data of their own: a change of one is not to change every plan. */
function withoutDigests(text: string): string {
  return text.replaceAll(/\b(?:[0-9a-f]{64}|[0-9a-f]{12})\b/g, '…');
}

test('all golden plans, and no others, are compared', async () => {
  expect((await readdir(GOLDEN)).sort()).toEqual(
    Object.keys(cases)
      .map((name) => `${name}.txt`)
      .sort(),
  );
});

describe.each(Object.keys(cases))('%s', (name) => {
  test('is the golden plan', async () => {
    await expect(withoutDigests(planText(planOf(name)))).toMatchFileSnapshot(join(GOLDEN, `${name}.txt`));
  });

  test('each file has the digest of its content, and no content is without a file', () => {
    const { steps, contents } = planOf(name);
    const named = new Set(steps.flatMap(filesOfStep).map(({ sha256 }) => sha256));
    expect(named).toEqual(new Set(Object.keys(contents)));
    for (const [sha256, content] of Object.entries(contents)) {
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    }
  });

  test('Salt is given each file before a phase places it', () => {
    const { steps } = planOf(name);
    const laid = new Set(filesOfStep(stepOf(steps, 'place-salt-files')).map(({ path }) => path.slice(-64)));
    const placed = steps.filter(({ kind }) => kind === 'salt-phase').flatMap(filesOfStep);
    expect(placed.length).toBeGreaterThan(20);
    for (const { path, sha256 } of placed) expect(laid, path).toContain(sha256);
    const first = steps.findIndex(({ kind }) => kind === 'salt-phase');
    expect(steps.findIndex(({ id }) => id === 'place-salt-files')).toBeLessThan(first);
  });

  test('one transaction installs all that Salt would: Salt starts dnf for nothing', () => {
    const { steps } = planOf(name);
    const [install] = steps.filter((step) => step.kind === 'install-packages');
    const [salt] = steps.filter((step) => step.kind === 'salt-phase' && step.system !== null);
    if (install?.kind !== 'install-packages' || salt?.kind !== 'salt-phase') throw new Error('a step is not there');
    const { held = [], installed = [] } = salt.system?.packages ?? {};
    expect(held.length).toBeGreaterThan(2);
    for (const each of held)
      expect(install.packages.some((exact) => exact.startsWith(`${each.name}-0:${each.version}.`))).toBe(true);
    expect(install.anyVersion).toEqual(installed);
    expect(install.command.at(-1)).toBe('--');
  });

  test('what Salt could do in one run is one: something else is between its phases', () => {
    const { steps } = planOf(name);
    const phases = steps.flatMap((step, index) => (step.kind === 'salt-phase' ? [{ phase: step.phase, index }] : []));
    expect(phases.map(({ phase }) => phase)).toEqual(saltPhases);
    for (const { index } of phases) expect(steps[index + 1]?.kind).not.toBe('salt-phase');
  });

  test('what archives are read from is mounted and compared first', () => {
    const { steps } = planOf(name);
    const checks = steps.flatMap(({ kind }, index) => (kind === 'check-archive' ? [index] : []));
    const readers = ['install-packages', 'copy-from-archive', 'import-images'];
    const first = steps.findIndex(({ kind }) => readers.includes(kind));
    expect(checks.length).toBeGreaterThan(0);
    for (const index of checks) expect(index).toBeLessThan(first);
  });

  test('no secret is in it, nor what one could be known by', () => {
    const plan = planOf(name);
    const secrets = plan.steps.flatMap(secretPaths);
    expect(secrets.length).toBeGreaterThan(25);
    expect(findings(plan, secrets)).toEqual([]);
  });

  test('is the same for the same inputs, in whatever order of keys', async () => {
    const inputs = await cases[name]?.();
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const { digest } = bootstrapPlan(reordered(inputs, seed) as BootstrapInputs);
        expect(digest).toBe(planOf(name).digest);
      }),
      { numRuns: 10 },
    );
  });

  test('is plain data: a plan that was written and read is the plan', () => {
    expect(JSON.parse(JSON.stringify(planOf(name)))).toEqual(definedOnly(planOf(name)));
  });
});

test('the search for secrets finds one', () => {
  const plan = planOf('least-configuration');
  const [step] = plan.steps.filter(({ kind }) => kind === 'ensure-key');
  if (step === undefined) throw new Error('no step ensures a key');
  const [path = ''] = secretPaths(step);
  const found = (changed: object) => findings({ ...plan, ...changed }, [path]);
  expect(found({ steps: [{ ...step, path, sha256: 'a'.repeat(64) }] })).toEqual([`a digest of ${path}`]);
  expect(found({ contents: { x: '-----BEGIN EC PRIVATE KEY-----' } })).toEqual(['a key in PEM']);
  expect(found({ contents: { x: `secret: ${Buffer.alloc(32, 7).toString('base64')}` } })).toEqual([
    '32 bytes in base64',
  ]);
  expect(found({ contents: { x: '{"token": "abcdef.0123456789abcdef"}' } })).toEqual(['a bootstrap token']);
});

test('every kind of step is in one of these plans', () => {
  const kinds: Readonly<Record<Exclude<Action['kind'], UndoAction['kind']>, true>> = {
    'apply-objects': true,
    'check-archive': true,
    'copy-from-archive': true,
    'copy-kubeconfig': true,
    'ensure-certificate': true,
    'ensure-encryption-key': true,
    'ensure-key': true,
    'ensure-kubeconfig': true,
    'import-images': true,
    'install-packages': true,
    'patch-node': true,
    'place-archive': true,
    'place-files': true,
    'salt-phase': true,
    'start-unit': true,
    'wait-for': true,
  };
  const found = Object.values(plans).flatMap(({ steps }) => steps.map(({ kind }) => kind));
  expect([...new Set(found)].sort()).toEqual(Object.keys(kinds));
});

test('another configuration, host or archive is another plan', () => {
  const digests = Object.values(plans).map(({ digest }) => digest);
  expect(new Set(digests).size).toBe(digests.length);
});

describe('refuses', () => {
  test('archives of which none is of its own version', async () => {
    const inputs = await bootstrapInputs({ version: '137.0.0' });
    expect(() => bootstrapPlan(inputs)).toThrow('No archive is of version 137.0.0, which this program is of');
  });

  test('two archives of one version', async () => {
    const archive = await availableArchive();
    const inputs = await bootstrapInputs({ archives: [archive, { ...archive, path: '/copy.iso' }] });
    expect(() => bootstrapPlan(inputs)).toThrow('Two archives are of version 136.0.0');
  });

  test('a host without an address on the control plane', async () => {
    const inputs = await bootstrapInputs({ facts: gatheredFacts({ addresses: ['192.0.2.7'] }) });
    expect(() => bootstrapPlan(inputs)).toThrow('cp1 has no address in 10.200.1.0/24: it has 192.0.2.7');
  });

  test('an archive without packages for the host', async () => {
    const inputs = await bootstrapInputs({ facts: gatheredFacts({ platform: 'el7/x86_64' }) });
    expect(() => bootstrapPlan(inputs)).toThrow('The archive 136.0.0 has no package salt-minion for el7/x86_64');
  });
});

function stepOf(steps: readonly Step[], id: string): Step {
  const found = steps.find((step) => step.id === id);
  if (found === undefined) throw new Error(`no step ${id}`);
  return found;
}

/** Files that recipes make. */
function secretPaths(step: Step): readonly string[] {
  if (!step.kind.startsWith('ensure-')) return [];
  const made = [...stringify(step).matchAll(/path: (\/.+)$/gm)].map(([, path = '']) => path);
  expect(made.length, step.id).toBeGreaterThan(0);
  return made;
}

/** What a plan must not hold. */
function findings(plan: object, secrets: readonly string[]): readonly string[] {
  const text = JSON.stringify(plan);
  const forms = [
    ['a key in PEM', /-----BEGIN [A-Z ]*(?:KEY|CERTIFICATE)/],
    ['32 bytes in base64', /(?<![\w+/=])[A-Za-z0-9+/]{43}=(?!=)/],
    ['a bootstrap token', /\b[a-z0-9]{6}\.[a-z0-9]{16}\b/],
  ] as const;
  const digests: string[] = [];
  JSON.stringify(plan, (_, value: unknown) => {
    const { path, sha256 } = (value ?? {}) as { path?: unknown; sha256?: unknown };
    if (typeof path === 'string' && sha256 !== undefined && secrets.includes(path)) digests.push(`a digest of ${path}`);
    return value;
  });
  return [...digests, ...forms.flatMap(([what, form]) => (form.test(text) ? [what] : []))];
}

/** The same value with the keys of all maps in an order that follows from the seed. */
function reordered(value: unknown, seed: string): unknown {
  if (Array.isArray(value)) return value.map((item) => reordered(item, seed));
  if (typeof value !== 'object' || value === null) return value;
  const rank = (key: string) => createHash('sha256').update(seed).update(key).digest('hex');
  const keys = Object.keys(value).sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
  return Object.fromEntries(keys.map((key) => [key, reordered((value as Record<string, unknown>)[key], seed)]));
}

function definedOnly(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(definedOnly);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, definedOnly(item)]));
}
