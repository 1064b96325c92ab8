import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256Of } from '../../src/disc/sha256-of.ts';
import { lastRun, planPath } from '../../src/engine/run-folders.ts';
import { runPlan } from '../../src/engine/run-plan.ts';
import { storedPlan } from '../../src/engine/stored-plan.ts';
import { makePlan, PLAN_API_VERSION, type Plan, planDigest } from '../../src/plan/plan.ts';
import { everyHandler, samplePlan, sampleRun } from '../support/engine/sample-run.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

const inputs = { configuration: { networks: { controlPlane: { cidr: ['10.0.0.0/8'] } } }, version: '136.0.0' };

async function afterRun(directory: string, ending: 'finished' | 'unfinished') {
  const failing = everyHandler(() => Promise.reject(new Error('no')));
  const run = await sampleRun(directory, { inputs, ...(ending === 'unfinished' ? { handlers: failing } : {}) });
  await runPlan(samplePlan(), run).catch(() => {});
  return { runs: run.runs, last: await lastRun(run.runs) };
}

test('without a run there is nothing to carry on with', async () => {
  expect(await storedPlan('/nowhere', undefined, { command: 'bootstrap', inputs })).toBeUndefined();
});

test('with the same inputs the stored plan is carried on with, or over again', () =>
  inTemporaryDirectory(async (directory) => {
    for (const ending of ['unfinished', 'finished'] as const) {
      const { runs, last } = await afterRun(directory, ending);
      expect(last?.state).toBe(ending);
      expect(await storedPlan(runs, last, { command: 'bootstrap', inputs: structuredClone(inputs) })).toEqual(
        samplePlan(),
      );
    }
  }));

test('with other inputs, they are named', () =>
  inTemporaryDirectory(async (directory) => {
    for (const ending of ['unfinished', 'finished'] as const) {
      const { runs, last } = await afterRun(directory, ending);
      const other = { configuration: { networks: { controlPlane: { cidr: ['10.1.0.0/16'] } } }, version: '136.0.0' };
      await expect(storedPlan(runs, last, { command: 'bootstrap', inputs: other })).rejects.toMatchObject({
        code: 'DIFFERS',
        message: expect.stringContaining('configuration.networks.controlPlane.cidr: ["10.0.0.0/8"] → ["10.1.0.0/16"]'),
        hint: expect.stringContaining('metalk8s reset'),
      });
    }
  }));

test('another command that did not come to its end comes first', () =>
  inTemporaryDirectory(async (directory) => {
    const { runs, last } = await afterRun(directory, 'unfinished');
    await expect(storedPlan(runs, last, { command: 'upgrade', inputs })).rejects.toMatchObject({
      code: 'DIFFERS',
      message: 'bootstrap did not come to its end on this host',
    });
    const finished = await afterRun(directory, 'finished');
    expect(await storedPlan(runs, finished.last, { command: 'upgrade', inputs })).toBeUndefined();
  }));

test('a plan that is not what was written is refused', () =>
  inTemporaryDirectory(async (directory) => {
    const { runs, last } = await afterRun(directory, 'unfinished');
    const plan = samplePlan();
    const withFile = planWithFile();
    const damaged = [
      '',
      'null',
      '{}',
      JSON.stringify(plan).slice(0, -2),
      JSON.stringify(plan).replace('start-two', 'start-too'),
      JSON.stringify({ ...plan, apiVersion: 'metalk8s.scality.com/v9' }),
      JSON.stringify({ ...plan, contents: { ['0'.repeat(64)]: 'content' } }),
      JSON.stringify({ ...plan, contents: { ['0'.repeat(64)]: null } }),
      JSON.stringify({ ...plan, contents: undefined }),
      JSON.stringify({ ...withFile, contents: {} }),
      JSON.stringify({ ...plan, steps: [null] }),
    ];
    for (const text of damaged) {
      await writeFile(planPath(runs, last?.id ?? ''), text);
      await expect(storedPlan(runs, last, { command: 'bootstrap', inputs })).rejects.toMatchObject({
        code: 'DIFFERS',
        where: join(runs, last?.id ?? '', 'plan.json'),
      });
    }
  }));

test('a plan of another version is refused as such, whatever is in it', () =>
  inTemporaryDirectory(async (directory) => {
    const { runs, last } = await afterRun(directory, 'unfinished');
    const path = planPath(runs, last?.id ?? '');
    // What programs wrote whose install-packages knew no packages in any version: whole, by its digest.
    const [step] = samplePlan().steps;
    const install = { ...step, kind: 'install-packages', packages: [], command: ['dnf'] };
    const head = { ...samplePlan(), apiVersion: 'metalk8s.scality.com/v1alpha1', steps: [install] } as unknown as Plan;
    const later = { apiVersion: 'metalk8s.scality.com/v2', kind: 'Plan', stages: [] };
    for (const plan of [{ ...head, digest: planDigest(head) }, later]) {
      await writeFile(path, JSON.stringify(plan));
      await expect(storedPlan(runs, last, { command: 'bootstrap', inputs })).rejects.toMatchObject({
        code: 'DIFFERS',
        message: `The stored plan is of version ${plan.apiVersion}, this program reads ${PLAN_API_VERSION}`,
        where: path,
        hint: expect.stringContaining('metalk8s reset'),
      });
    }
  }));

function planWithFile() {
  const sha256 = sha256Of('text\n');
  const file = { path: '/etc/x', mode: '0644', user: 'root', group: 'root', sha256 } as const;
  const action = { kind: 'place-files', directories: [], files: [file] } as const;
  const step = { id: 'place', host: 'node-1', title: 'Place', reason: 'a test', disrupts: null, ...action };
  return makePlan({ command: 'bootstrap', version: '136.0.0', kubernetes: null }, [step], { [sha256]: 'text\n' });
}
