import { expect, test } from 'vitest';
import { tellOfPods } from '../../../src/engine/steps/tell-of-pods.ts';
import { type Answer, actingHost } from '../../support/engine/acting-host.ts';

const REGISTRY = { namespace: 'kube-system', name: 'registry-cp1' };
const FOLDER = '/var/log/pods/kube-system_registry-cp1_c3/registry';

interface Told {
  readonly kubelet?: string;
  readonly journal?: string;
  readonly logs?: string;
  readonly log?: string;
  readonly containers?: string;
  readonly tasks?: string;
}

/** A host whose programs answer so; those that are not named are not there. */
function host(told: Told) {
  const answers: Readonly<Record<string, string | undefined>> = {
    systemctl: told.kubelet ?? 'active\n',
    journalctl: told.journal ?? '',
    find: told.logs ?? '',
    tail: told.log ?? '',
    'ctr containers': told.containers,
    'ctr tasks': told.tasks,
  };
  const run = (command: string, [program = '']: readonly string[]): Answer => {
    const topic = / (containers|tasks) /.exec(command)?.[1];
    return answers[program === 'ctr' ? `ctr ${topic}` : program] ?? { exitCode: 1 };
  };
  return actingHost('/nowhere', { run }).context.host;
}

test('a pod that runs, by its newest log alone, which tells how often it was started', async () => {
  const lines = await tellOfPods(
    host({
      logs: `3.5 ${FOLDER}/11.log\n1.5 ${FOLDER}/9.log\n2.5 ${FOLDER}/10.log\n`,
      log: '2026-11-21T21:55:07.1Z stderr F one\n2026-11-21T21:55:07.2Z stderr F two\n',
      containers: 'abc\ndef\n',
      tasks: 'TASK PID STATUS\nabc 12 RUNNING\n',
    }),
    [REGISTRY],
  );
  expect(lines).toEqual([
    'Pod kube-system/registry-cp1 runs',
    '  container registry runs, was started 12 times',
    `  ${FOLDER}/11.log ends with`,
    '    one',
    '    two',
  ]);
});

test('one whose container has ended: its stopped task is no sign of life', async () => {
  const lines = await tellOfPods(
    host({ logs: `1.5 ${FOLDER}/0.log\n`, containers: 'abc\n', tasks: 'TASK PID STATUS\nabc 12 STOPPED\n' }),
    [REGISTRY],
  );
  expect(lines).toEqual([
    'Pod kube-system/registry-cp1 does not run',
    '  container registry does not run, was started 1 time',
    `  ${FOLDER}/0.log is empty`,
  ]);
});

test('one of several containers that does not run is told, and does not hide behind one that does', async () => {
  const run = (command: string): Answer => {
    if (command.includes(' tasks ')) return 'TASK PID STATUS\nabc 12 RUNNING\n';
    if (command.includes('container.name"==registry,')) return 'abc\n';
    return command.startsWith('find') ? `1.5 ${FOLDER}/0.log\n2.5 ${FOLDER}-helper/4.log\n` : '';
  };
  expect(await tellOfPods(actingHost('/nowhere', { run }).context.host, [REGISTRY])).toEqual([
    'Pod kube-system/registry-cp1 runs in part',
    '  container registry runs, was started 1 time',
    `  ${FOLDER}/0.log is empty`,
    '  container registry-helper does not run, was started 5 times',
    `  ${FOLDER}-helper/4.log is empty`,
  ]);
});

test('where containerd does not answer, nothing is said of what runs', async () => {
  expect(await tellOfPods(host({ logs: `1.5 ${FOLDER}/0.log\n` }), [REGISTRY])).toEqual([
    'Pod kube-system/registry-cp1 was begun, and containerd does not tell whether it runs',
    '  container registry was started 1 time',
    `  ${FOLDER}/0.log is empty`,
  ]);
});

test('one that the kubelet cannot begin', async () => {
  const journal =
    'E1121 21:55:07.1 1234 pod_workers.go:1324] "Error syncing pod, skipping" err="failed to \\"StartContainer\\"" pod="kube-system/registry-cp1"\n';
  expect(await tellOfPods(host({ journal }), [REGISTRY])).toEqual([
    'Pod kube-system/registry-cp1 has no container yet',
    '  the kubelet says: failed to "StartContainer"',
  ]);
});

test('a kubelet that does not run is told, and no credential is', async () => {
  const log = '2026-11-21T21:55:07.1Z stderr F password=hunter2hunter2\n';
  const lines = await tellOfPods(host({ kubelet: 'failed\n', logs: `1.5 ${FOLDER}/0.log\n`, log }), [REGISTRY]);
  expect(lines[0]).toBe('kubelet.service is failed');
  expect(lines.join('\n')).not.toContain('hunter2');
});
