import { EventEmitter } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lastRun } from '../../src/engine/run-folders.ts';
import { withRunLock } from '../../src/engine/run-lock.ts';
import { MetalK8sError } from '../../src/errors/metalk8s-error.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { planText } from '../../src/plan/plan-text.ts';
import {
  type BootstrapStandIn,
  bootstrapStandIn,
  type StandInOptions,
  takenArchive,
} from '../support/bootstrap/bootstrap-site.ts';
import { availableArchive } from '../support/plan/bootstrap-inputs.ts';
import { healthyHost } from '../support/preflight/healthy-host.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

function withSite(
  options: StandInOptions,
  work: (site: BootstrapStandIn, directory: string) => Promise<void>,
): Promise<void> {
  return inTemporaryDirectory(async (directory) => work(await bootstrapStandIn(directory, options), directory));
}

/** Of the plan for the stand-in, and how many of them only look. */
const STEPS = 41;
const LOOKS = 7;

const stepsOf = ({ calls }: BootstrapStandIn) => calls.filter((call) => call.startsWith('step '));
const runs = (directory: string) => join(directory, 'host/runs');

describe('the order of things', () => {
  test('archives, host, then every step of the plan', async () => {
    await withSite({}, async (site, directory) => {
      const { exit, stdout, stderr } = await site.run(['bootstrap']);
      expect({ exit, stderr: exit === 0 ? '' : stderr }).toEqual({ exit: 0, stderr: '' });
      expect(site.calls.slice(0, 4)).toEqual([
        'take /srv/metalk8s.iso',
        'observe',
        'step place-archive-units',
        'step start-srv-metalk8s-136.0.0.mount',
      ]);
      expect(stepsOf(site)).toHaveLength(STEPS);
      expect(stdout).toContain('Cluster     Kubernetes 1.36.3 on bootstrap, by metalk8s 136.0.0\n');
      expect(stdout).toContain(`${STEPS - LOOKS} of ${STEPS} steps changed something`);
      expect(stdout).toContain('kubectl taint nodes bootstrap node-role.kubernetes.io/control-plane:NoSchedule-\n');
      expect(await lastRun(runs(directory))).toMatchObject({ command: 'bootstrap', state: 'finished' });
    });
  });

  test('the log has it all, from the beginning', async () => {
    await withSite({}, async (site, directory) => {
      const { stdout } = await site.run(['bootstrap', '-o', 'json']);
      const { run, log } = JSON.parse(stdout);
      expect(log).toBe(join(directory, `host/logs/${run}.log`));
      const text = await readFile(log, 'utf8');
      expect(text).toContain('bootstrap: 4 steps, then those that are planned');
      expect(text).toContain(`planned: ${STEPS} steps on 1 host`);
      expect(text).toContain('bootstrap: done after');
    });
  });

  test('whatever umask the caller has, services can read what steps make', async () => {
    const previous = process.umask(0o077);
    try {
      const seen = new Set<number>();
      const step = () => {
        seen.add(process.umask());
        return true;
      };
      await withSite({ step }, async (site) => {
        await site.run(['bootstrap', '--dry-run']);
        expect(process.umask()).toBe(0o077);
        expect((await site.run(['bootstrap'])).exit).toBe(0);
      });
      expect([...seen]).toEqual([0o022]);
    } finally {
      process.umask(previous);
    }
  });

  test('--log-file names another one', async () => {
    await withSite({}, async (site, directory) => {
      const log = join(directory, 'mine.log');
      await site.run(['bootstrap', '--log-file', log]);
      expect(await readFile(log, 'utf8')).toContain(`planned: ${STEPS} steps on 1 host`);
      expect((await site.files()).filter((file) => file.startsWith('logs'))).toEqual([]);
    });
  });

  test('the data, for programs', async () => {
    await withSite({ step: ({ kind }) => /^(?:ensure|place)-/.test(kind) }, async (site) => {
      const { stdout } = await site.run(['bootstrap', '--output', 'json']);
      expect(JSON.parse(stdout)).toMatchObject({
        run: expect.stringMatching(/^0001-bootstrap-/),
        version: '136.0.0',
        kubernetes: '1.36.3',
        node: 'bootstrap',
        apiServer: 'https://10.200.1.11:6443',
        kubeconfig: '/etc/kubernetes/admin.conf',
        ownKubeconfig: '/home/ada/.kube/config',
        taints: ['node-role.kubernetes.io/control-plane:NoSchedule'],
        networkMissing: false,
        steps: STEPS,
        changed: 22,
        alreadySo: STEPS - LOOKS - 22,
      });
    });
  });

  test('without a network plugin, who brings one is told', async () => {
    await withSite({ lines: [] }, async (site) => {
      await replace(site.configuration, 'networks:\n', 'networks:\n  cni: none\n');
      const { exit, stdout } = await site.run(['bootstrap']);
      expect(exit).toBe(0);
      expect(stdout).toContain('the node is not ready until you bring one');
    });
  });
});

describe('a dry run', () => {
  test('shows the plan that would be carried out, and changes nothing', async () => {
    await withSite({ uid: 1000 }, async (site) => {
      const { exit, stdout } = await site.run(['bootstrap', '--dry-run']);
      expect(exit).toBe(0);
      expect(stdout.split('\n').slice(0, 5)).toEqual([
        expect.stringMatching(
          new RegExp(
            `^bootstrap of metalk8s 136\\.0\\.0 with Kubernetes 1\\.36\\.3: ${STEPS} steps, sha256:[0-9a-f]{64}$`,
          ),
        ),
        '',
        '1. Tell systemd and dnf of the archives, and have metalk8s found',
        '   bootstrap: place-files place-archive-units',
        '   because they are mounted again when the host starts, and Salt and the command come from them',
      ]);
      expect(stepsOf(site)).toEqual([]);
      expect(await site.files()).toEqual([]);
    });
  });

  test('as data, and the same plan as the one that is stored', async () => {
    await withSite({}, async (site, directory) => {
      const shown: Plan = JSON.parse((await site.run(['bootstrap', '--dry-run', '-o', 'json'])).stdout);
      expect((await site.run(['bootstrap', '--dry-run'])).stdout).toBe(planText(shown));
      await site.run(['bootstrap']);
      expect(shown.digest).toBe((await lastRun(runs(directory)))?.planDigest);
    });
  });

  test('of a host that is not fit ends as the run would', async () => {
    await withSite({ observed: () => ({ ...healthyHost(), memoryBytes: 2 ** 28 }) }, async (site) => {
      const { exit, stdout } = await site.run(['bootstrap', '--dry-run']);
      expect({ exit, stdout }).toEqual({ exit: 4, stdout: '' });
    });
  });
});

describe('refused before anything is changed', () => {
  /** But for the lock. */
  const untouched = async (site: BootstrapStandIn) => {
    expect(stepsOf(site)).toEqual([]);
    expect((await site.files()).filter((file) => file !== 'lock')).toEqual([]);
  };

  test('a configuration that is wrong: 3, with the place', async () => {
    await withSite({ lines: ['archive: x'] }, async (site) => {
      const { exit, stderr } = await site.run(['bootstrap']);
      expect(exit).toBe(3);
      expect(stderr).toContain('bootstrap.yaml:');
      expect(site.calls).toEqual([]);
      await untouched(site);
    });
  });

  test('not root: 4, with the command to give', async () => {
    await withSite({ uid: 1000 }, async (site) => {
      const env = { METALK8S_ARCHIVE: '/mnt' };
      const { exit, stderr } = await site.run(['bootstrap'], { env });
      expect(exit).toBe(4);
      expect(stderr).toContain(`sudo sh /mnt/metalk8s bootstrap --config ${site.configuration}`);
      expect(await site.files()).toEqual([]);
    });
  });

  test('a check that does not exist: 2', async () => {
    await withSite({}, async (site) => {
      const { exit, stderr } = await site.run(['bootstrap', '--ignore-preflight-errors', 'memry']);
      expect(exit).toBe(2);
      expect(stderr).toContain('memory');
      await untouched(site);
    });
  });

  test('an archive that nobody trusted has signed: 5, and nobody looks at the host', async () => {
    const refused = new MetalK8sError('VERIFICATION_FAILED', 'one byte differs', { where: '/srv/metalk8s.iso' });
    await withSite({ archives: () => Promise.reject(refused) }, async (site) => {
      const { exit, stderr } = await site.run(['bootstrap']);
      expect(exit).toBe(5);
      expect(stderr).toContain('Error:  one byte differs\n');
      expect(stderr).not.toContain('Log:');
      expect(site.calls).toEqual(['take /srv/metalk8s.iso']);
      await untouched(site);
    });
  });

  test('only archives of other versions: 3, with what they are and what to do', async () => {
    const archives = async () => [await takenArchive(await availableArchive({}, { version: '135.0.0' }))];
    await withSite({ archives }, async (site) => {
      const { exit, stderr } = await site.run(['bootstrap'], { env: { METALK8S_ARCHIVE: '/mnt' } });
      expect(exit).toBe(3);
      expect(stderr).toContain('/data/metalk8s-135.0.0.iso is of 135.0.0');
      expect(stderr).toContain('List the disc that you started from as well, its ISO file or /mnt');
      await untouched(site);
    });
  });

  test('another disc of the same version than the program came from: 3', async () => {
    await withSite({}, async (site, directory) => {
      await writeFile(join(directory, 'SHA256SUMS'), 'others\n');
      const { exit, stderr } = await site.run(['bootstrap'], { env: { METALK8S_ARCHIVE: directory } });
      expect(exit).toBe(3);
      expect(stderr).toContain('is another disc of version 136.0.0 than the one you started from');
      await untouched(site);
    });
  });

  test('a disc that was taken out meanwhile does not matter', async () => {
    await withSite({}, async (site) => {
      expect(await site.run(['bootstrap'], { env: { METALK8S_ARCHIVE: '/nowhere' } })).toMatchObject({ exit: 0 });
    });
  });

  test('an archive without the network plugin that is asked for: 3', async () => {
    await withSite({ archives: async () => [await takenArchive({ texts: {} })] }, async (site) => {
      const { exit, stderr } = await site.run(['bootstrap']);
      expect(exit).toBe(3);
      expect(stderr).toContain('networks.cni: none');
      await untouched(site);
    });
  });

  test('a host that is not fit: 4, all findings in one report', async () => {
    const observed = () => ({ ...healthyHost(), memoryBytes: 2 ** 28, cpus: 1 });
    await withSite({ observed }, async (site) => {
      const { exit, stdout, stderr } = await site.run(['bootstrap']);
      expect({ exit, stdout }).toEqual({ exit: 4, stdout: '' });
      expect(stderr).toMatch(/^Error: {2}preflight found \d errors?: .*memory/m);
      expect(stderr).toContain('Nothing was changed.\n');
      expect(stderr.indexOf('Error:')).toBeLessThan(stderr.indexOf('    why      '));
      await untouched(site);
    });
  });

  test('the same for programs', async () => {
    await withSite({ observed: () => ({ ...healthyHost(), memoryBytes: 2 ** 28 }) }, async (site) => {
      const { exit, stdout, stderr } = await site.run(['bootstrap', '-o', 'json', '--log-format', 'json']);
      expect(exit).toBe(4);
      expect(JSON.parse(stdout)).toMatchObject({ passed: false, hosts: [{ host: 'bootstrap' }] });
      for (const line of stderr.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('type');
    });
  });

  test('somebody else at work: 9, with who', async () => {
    await withSite({}, async (site, directory) => {
      const owner = { pid: 4711, command: 'metalk8s bootstrap', since: '2026-01-01T00:00:00Z' };
      await withRunLock(join(directory, 'host/lock'), owner, async () => {
        const { exit, stderr } = await site.run(['bootstrap']);
        expect(exit).toBe(9);
        expect(stderr).toContain('4711');
        expect(site.calls).toEqual([]);
      });
    });
  });
});

describe('errors that the user ignores', () => {
  test('are warnings, and the run goes on', async () => {
    const observed = () => ({ ...healthyHost(), memoryBytes: 2 ** 28 });
    await withSite({ observed }, async (site) => {
      const refused = await site.run(['bootstrap', '-o', 'json']);
      const [{ findings }] = JSON.parse(refused.stdout).hosts;
      const names: string[] = findings.map(({ check }: { check: string }) => check);
      const { exit, stderr } = await site.run(['bootstrap', '--ignore-preflight-errors', names.join(',')]);
      expect(exit).toBe(0);
      for (const name of names) expect(stderr).toContain(`[bootstrap] warning: ${name}: `);
    });
  });
});

describe('a step that fails', () => {
  const failure = new MetalK8sError('STEP_FAILED', 'no room', { where: '/srv', hint: 'Make room.' });
  const failOnce = (id: string) => {
    let failed = false;
    return (step: { readonly id: string }) => {
      if (failed || step.id !== id) return true;
      failed = true;
      throw failure;
    };
  };

  test('8, with what, where, what to do, the log and the command that resumes', async () => {
    await withSite({ step: failOnce('install-packages') }, async (site, directory) => {
      const { exit, stdout, stderr } = await site.run(['bootstrap'], { env: { METALK8S_ARCHIVE: '/mnt' } });
      expect({ exit, stdout }).toEqual({ exit: 8, stdout: '' });
      const id = (await lastRun(runs(directory)))?.id;
      expect(stderr.slice(stderr.indexOf('Error:')).split('\n')).toEqual([
        'Error:  Install the packages of the node, Salt among them: no room',
        'Where:  /srv',
        expect.stringMatching(/^ {8}bootstrap, step install-packages of run 0001-bootstrap-\S+, journal /),
        'To do:  Make room.',
        `Log:    ${directory}/host/logs/${id}.log`,
        `Resume: sh /mnt/metalk8s bootstrap --config ${site.configuration}`,
        '',
      ]);
    });
  });

  test('the same command carries on: same run, same log, same plan, whatever the host says by then', async () => {
    let looks = 0;
    // What a run itself changes of a host: networks of pods, packages with authorities, modules.
    const observed = () => {
      looks += 1;
      return looks === 1
        ? healthyHost()
        : {
            ...healthyHost(),
            addresses: ['10.233.0.1', ...healthyHost().addresses],
            certificateDirectories: [],
            systemdResolved: true,
            mountsImages: false,
          };
    };
    await withSite({ observed, step: failOnce('salt-kubelet') }, async (site, directory) => {
      await site.run(['bootstrap']);
      const first = await lastRun(runs(directory));
      const { exit, stdout } = await site.run(['bootstrap', '-o', 'json']);
      const second = await lastRun(runs(directory));
      expect(exit).toBe(0);
      expect([second?.id, second?.planDigest, second?.state]).toEqual([first?.id, first?.planDigest, 'finished']);
      expect(JSON.parse(stdout)).toMatchObject({ run: first?.id, changed: STEPS });
      expect((await site.files()).filter((file) => /^logs\/./.test(file))).toEqual([`logs/${first?.id}.log`]);
    });
  });
});

describe('a host that is done', () => {
  test('is looked at again, step by step, under a new run', async () => {
    let done = false;
    await withSite({ step: () => !done }, async (site, directory) => {
      await site.run(['bootstrap']);
      done = true;
      const { exit, stdout } = await site.run(['bootstrap']);
      expect(exit).toBe(0);
      expect(stdout).toContain('nothing was to be changed');
      expect((await lastRun(runs(directory)))?.id).toMatch(/^0002-/);
    });
  });

  test('with another configuration: 10, and the difference', async () => {
    await withSite({}, async (site) => {
      await site.run(['bootstrap']);
      await replace(site.configuration, '10.200.2.0/24', '10.200.0.0/16');
      const before = site.calls.length;
      const { exit, stderr } = await site.run(['bootstrap']);
      expect(exit).toBe(10);
      expect(stderr).toContain('networks.workloadPlane.cidr: ["10.200.2.0/24"] → ["10.200.0.0/16"]');
      expect(site.calls.slice(before)).toEqual(['take /srv/metalk8s.iso']);
    });
  });

  test('with another build of the archive: 10', async () => {
    let sumsSha256 = 'a'.repeat(64);
    await withSite({ archives: async () => [await takenArchive({ sumsSha256 })] }, async (site) => {
      await site.run(['bootstrap']);
      sumsSha256 = 'b'.repeat(64);
      const { exit, stderr } = await site.run(['bootstrap']);
      expect(exit).toBe(10);
      expect(stderr).toContain('archives[0].sumsSha256');
    });
  });

  const medium = async (paths: readonly string[]) =>
    Promise.all(paths.map((path) => takenArchive({ path, stays: false })));

  test('an archive that was copied may lie elsewhere by now', async () => {
    let copied = false;
    const has = (path: string) => copied && path === '/var/lib/metalk8s/archives/metalk8s-136.0.0.iso';
    await withSite({ archives: medium, has }, async (site) => {
      await site.run(['bootstrap']);
      copied = true;
      await replace(site.configuration, '/srv/metalk8s.iso', '/run/media/disc');
      expect(await site.run(['bootstrap'])).toMatchObject({ exit: 0 });
    });
  });

  test.each([
    ['that was not copied yet', medium, 'It was not copied yet'],
    ['that the host mounts from where it was', undefined, 'mounts it from there'],
  ])('one %s may not: 10, with both places', async (_, archives, hint) => {
    await withSite(archives === undefined ? {} : { archives }, async (site) => {
      await site.run(['bootstrap']);
      await replace(site.configuration, '/srv/metalk8s.iso', '/data/moved.iso');
      const { exit, stderr } = await site.run(['bootstrap']);
      expect(exit).toBe(10);
      expect(stderr).toContain('the archive 136.0.0 at /srv/metalk8s.iso, and not at /data/moved.iso');
      expect(stderr).toContain(hint);
    });
  });
});

describe('interrupted', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s: the step is carried to its end, 130, resumable', async (signal) => {
    const signals = new EventEmitter();
    const step = ({ id }: { readonly id: string }) => {
      if (id === 'install-packages') signals.emit(signal, signal);
      return true;
    };
    await withSite({ step }, async (site, directory) => {
      const { exit, stderr } = await site.run(['bootstrap'], { signals });
      expect(exit).toBe(130);
      expect(stepsOf(site).at(-1)).toBe('step install-packages');
      expect(stderr).toContain('Resume: metalk8s bootstrap --config');
      expect(await lastRun(runs(directory))).toMatchObject({ state: 'unfinished', outcome: 'interrupted' });
      expect((await site.run(['bootstrap'], { signals: new EventEmitter() })).exit).toBe(0);
    });
  });
});

test('events are one JSON object a line, with the steps that were planned', async () => {
  await withSite({}, async (site) => {
    const { stderr } = await site.run(['bootstrap', '--log-format', 'json']);
    const events = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events[0]).toMatchObject({ type: 'run-started', command: 'bootstrap', hosts: ['bootstrap'] });
    const planned = events.find(({ type }) => type === 'steps-planned');
    expect(planned.steps).toHaveLength(STEPS);
    expect(events.filter(({ type }) => type === 'step-done')).toHaveLength(STEPS + 1);
    expect(events.at(-1)).toMatchObject({
      type: 'run-finished',
      outcome: 'done',
      summary: { changed: STEPS - LOOKS, alreadySo: 0 },
    });
  });
});

async function replace(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  await writeFile(file, text.replace(from, to));
}
