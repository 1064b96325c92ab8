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

test('a pod that runs, by its newest log alone', async () => {
  const lines = await tellOfPods(
    host({
      logs: `3.5 ${FOLDER}/1.log\n1.5 ${FOLDER}/0.log\n`,
      log: '2026-11-21T21:55:07.1Z stderr F one\n2026-11-21T21:55:07.2Z stderr F two\n',
      containers: 'abc\ndef\n',
      tasks: 'TASK PID STATUS\nabc 12 RUNNING\n',
    }),
    [REGISTRY],
  );
  expect(lines).toEqual(['Pod kube-system/registry-cp1 runs', `  ${FOLDER}/1.log ends with`, '    one', '    two']);
});

test('one whose container has ended: its stopped task is no sign of life', async () => {
  const lines = await tellOfPods(
    host({ logs: `1.5 ${FOLDER}/0.log\n`, containers: 'abc\n', tasks: 'TASK PID STATUS\nabc 12 STOPPED\n' }),
    [REGISTRY],
  );
  expect(lines).toEqual(['Pod kube-system/registry-cp1 does not run', `  ${FOLDER}/0.log is empty`]);
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
