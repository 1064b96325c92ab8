import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { preflightAt } from '../../src/cli/preflight.ts';
import type { LookedAtHost } from '../../src/cli/this-host.ts';
import type { ObservedHost } from '../../src/facts/observed-host.ts';
import { localHost } from '../../src/hosts/local-host.ts';
import { exampleText } from '../config/example.ts';
import { healthyHost } from '../support/preflight/healthy-host.ts';
import { runMain } from '../support/run-main.ts';
import { directoryOfTests } from '../support/test-directory.ts';

const directory = directoryOfTests();
let configuration: string;

beforeAll(async () => {
  configuration = join(directory, 'bootstrap.yaml');
  await writeFile(configuration, exampleText());
});

/** Runs the command on a host that would be observed so. */
async function preflight(observed: ObservedHost, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const asked: unknown[] = [];
  const host: LookedAtHost = {
    uid: 0,
    host: localHost(observed.hostname),
    observe: async (_, questions) => {
      asked.push(questions);
      return observed;
    },
    paths: { runs: join(directory, 'runs'), trust: join(directory, 'trust') },
  };
  const table = { preflight: { summary: 'judge', load: async () => preflightAt(() => host) } };
  return { ...(await runMain(['preflight', '-c', configuration, ...args], { table, env })), asked };
}

const ALONE = '--without-archives';

describe('preflight', () => {
  test('of a host that is fit says so', async () => {
    const { exit, stdout } = await preflight(healthyHost(), [ALONE]);
    expect(stdout).toBe('bootstrap: fit\n');
    expect(exit).toBe(0);
  });

  test('tells errors, how to go on all the same, and exits with 4', async () => {
    const { exit, stdout, stderr } = await preflight({ ...healthyHost(), cpus: 1 }, [ALONE]);
    expect(stdout).toContain('  error      cpus: the host has 1 processor');
    expect(stdout).toContain('To go on all the same: --ignore-preflight-errors cpus\n');
    expect(stderr).not.toContain('Error');
    expect(exit).toBe(4);
  });

  test('exits with 0 when what is wrong is ignored, by flag or by variable', async () => {
    const faulty = { ...healthyHost(), cpus: 1 };
    const byFlag = await preflight(faulty, [ALONE, '--ignore-preflight-errors', 'cpus']);
    const byVariable = await preflight(faulty, [ALONE], { METALK8S_IGNORE_PREFLIGHT_ERRORS: 'cpus' });
    for (const { exit, stdout } of [byFlag, byVariable]) {
      expect(stdout).toMatch(/^bootstrap: 1 error ignored$/m);
      expect(exit).toBe(0);
    }
  });

  test('gives programs the same', async () => {
    const faulty = { ...healthyHost(), cpus: 1 };
    const json = JSON.parse((await preflight(faulty, [ALONE, '-o', 'json'])).stdout);
    expect(json).toMatchObject({
      passed: false,
      hosts: [{ host: 'bootstrap', errors: 1, warnings: 0, ignored: 0, findings: [{ check: 'cpus' }] }],
    });
    expect(parse((await preflight(faulty, [ALONE, '-o', 'yaml'])).stdout)).toEqual(json);
  });

  test('asks for names of variables, never for values', async () => {
    const { asked } = await preflight(healthyHost(), [ALONE], {
      https_proxy: 'http://user:secret@proxy',
      SUDO_USER: 'ada',
    });
    expect(asked).toMatchObject([{ sudoUser: 'ada', environment: expect.arrayContaining(['https_proxy']) }]);
    expect(JSON.stringify(asked)).not.toContain('secret');
  });

  test('looks at no host for a name that no check has, and for a configuration that is invalid', async () => {
    const unknown = await preflight(healthyHost(), [ALONE, '--ignore-preflight-errors', 'cpu']);
    expect([unknown.exit, unknown.asked]).toEqual([2, []]);
    expect(unknown.stderr).toContain('"cpu" (cpus?)');
    const file = join(directory, 'wrong.yaml');
    await writeFile(file, exampleText('nonsense: true'));
    const invalid = await preflight(healthyHost(), [ALONE, '-c', file]);
    expect([invalid.exit, invalid.asked]).toEqual([3, []]);
  });

  test('looks at no host for an archive that is not there', async () => {
    const { exit, stderr, asked } = await preflight(healthyHost(), []);
    expect([exit, asked]).toEqual([2, []]);
    expect(stderr).toContain('/srv/metalk8s.iso');
  });

  test('looks at no host for a key that lies on the disc it was started from', async () => {
    const [file, disc] = [join(directory, 'with-archive.yaml'), join(directory, 'disc')];
    await mkdir(disc);
    await writeFile(join(disc, 'key.asc'), '');
    await writeFile(join(directory, 'disc.iso'), '');
    await writeFile(file, exampleText().replace('/srv/metalk8s.iso', join(directory, 'disc.iso')));
    const args = ['-c', file, '--trusted-key', join(disc, 'key.asc')];
    const { exit, stderr, asked } = await preflight(healthyHost(), args, { METALK8S_ARCHIVE: disc });
    expect([exit, asked]).toEqual([2, []]);
    expect(stderr).toContain('a key that comes with the archive proves nothing');
  });
});
