import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { StepContext } from '../../../src/engine/step-handler.ts';
import { ensureCertificate } from '../../../src/engine/steps/ensure-certificate.ts';
import { ensureEncryptionKey } from '../../../src/engine/steps/ensure-encryption-key.ts';
import { ensureKey } from '../../../src/engine/steps/ensure-key.ts';
import { ensureKubeconfig } from '../../../src/engine/steps/ensure-kubeconfig.ts';
import { readKubeconfig } from '../../../src/pki/read-kubeconfig.ts';
import { secretSteps } from '../../../src/plan/secret-steps.ts';
import { actingHost } from '../../support/engine/acting-host.ts';
import { clusterNode } from '../../support/kubernetes/cluster-node.ts';
import { inTemporaryDirectory } from '../../support/temporary-directory.ts';

const NOTE = '/run/metalk8s/restart-kubelet.service';
const steps = secretSteps(clusterNode());

/** Carries out all steps of secrets; gives how many have changed something. */
async function ensureAll(context: StepContext): Promise<number> {
  let changed = 0;
  for (const step of steps) {
    const outcome = await carryOut(step, context);
    if (outcome.changed) changed += 1;
  }
  return changed;
}

function carryOut(step: (typeof steps)[number], context: StepContext) {
  switch (step.kind) {
    case 'ensure-certificate':
      return ensureCertificate(step, context);
    case 'ensure-key':
      return ensureKey(step, context);
    case 'ensure-encryption-key':
      return ensureEncryptionKey(step, context);
    case 'ensure-kubeconfig':
      return ensureKubeconfig(step, context);
    default:
      throw new Error(step.kind);
  }
}

test('all secrets of a node are made once, noted before, and told without a secret', () =>
  inTemporaryDirectory(async (directory) => {
    const { context, noted, told } = actingHost(directory);
    expect(await ensureAll(context)).toBe(steps.length);
    expect(noted).toContainEqual({ what: 'path', path: '/etc/kubernetes/pki/ca.key' });
    expect(noted).toContainEqual({ what: 'path', path: '/etc/kubernetes/admin.conf' });
    const notes = noted.length;
    expect(await ensureAll(context)).toBe(0);
    expect(noted).toHaveLength(notes);
    for (const line of told) expect(line).toMatch(/^\/[\w./-]+: (?:(?:\w+ )?was missing|valid)\b[^:]*$/);
  }));

test('a certificate is made anew once the clock of the run says that it is due', () =>
  inTemporaryDirectory(async (directory) => {
    const { context } = actingHost(directory);
    await ensureAll(context);
    const after = (days: number) => ({ ...context, now: () => new Date(context.now().getTime() + days * 86_400_000) });
    expect(await ensureAll(after(270))).toBe(0);
    expect(await ensureAll(after(280))).toBeGreaterThan(5);
  }));

/** A host whose kubelet can be started anew; `killed`: the run ends at that instant. */
function withKubelet(directory: string, killed: { now: boolean }) {
  return actingHost(directory, {
    run(command) {
      if (command.startsWith('systemctl restart') && killed.now) throw new Error('killed');
      return command.startsWith('systemctl show') ? 'LoadState=loaded\nActiveState=active\n' : '';
    },
  });
}

test('a unit is started anew when its file was changed, and by the next run where this one was killed before', () =>
  inTemporaryDirectory(async (directory) => {
    const killed = { now: true };
    const { context, commands } = withKubelet(directory, killed);
    await ensureAll(context);
    const found = steps.find((step) => step.id === 'kubeconfig-kubelet.conf');
    if (found?.kind !== 'ensure-kubeconfig') throw new Error('no such step');
    const step = { ...found, restarts: 'kubelet.service' };
    const restarts = () => commands.filter((command) => command === 'systemctl restart -- kubelet.service').length;

    await context.host.files.remove(step.specification.file.path);
    await expect(ensureKubeconfig(step, context)).rejects.toThrow('killed');
    expect(await readdir(join(directory, '/run/metalk8s'))).toEqual([NOTE.slice('/run/metalk8s/'.length)]);
    killed.now = false;
    expect(await ensureKubeconfig(step, context)).toEqual({ changed: true });
    expect(restarts()).toBe(2);
    expect(await ensureKubeconfig(step, context)).toEqual({ changed: false });
    expect(restarts()).toBe(2);
    expect(await context.host.files.look(NOTE)).toBeUndefined();
  }));

test('killed after the kubelet took its certificate over, a run ends with the same kubeconfig, and has nothing to restart for', () =>
  inTemporaryDirectory(async (directory) => {
    const { context, commands } = withKubelet(directory, { now: false });
    const { files } = context.host;
    await ensureAll(context);
    const found = steps.find((step) => step.id === 'kubeconfig-kubelet.conf');
    if (found?.kind !== 'ensure-kubeconfig') throw new Error('no such step');
    const { file, rotatedFile = '' } = found.specification;
    const finalize = { ...found, restarts: 'kubelet.service' };
    const embedded = (await files.read(file.path)) ?? '';
    const { certificate, key } = readKubeconfig(embedded) ?? {};
    await files.writeAtomic([{ ...file, path: rotatedFile, content: `${certificate}${key}` }]);
    expect(await ensureKubeconfig(finalize, context)).toEqual({ changed: true });
    const wanted = await files.read(file.path);

    await files.writeAtomic([{ ...file, content: embedded }]);
    expect(await ensureAll(context)).toBe(1);
    expect(await files.read(file.path)).toBe(wanted);
    expect(await ensureKubeconfig(finalize, context)).toEqual({ changed: false });
    expect(commands.filter((command) => command.startsWith('systemctl restart'))).toHaveLength(1);
  }));
