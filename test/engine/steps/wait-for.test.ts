import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seenIn } from '../../../src/engine/steps/await-answer.ts';
import { waitFor } from '../../../src/engine/steps/wait-for.ts';
import { type Answer, actingHost } from '../../support/engine/acting-host.ts';
import { inTemporaryDirectory } from '../../support/temporary-directory.ts';

const described = { id: 'wait', host: 'node-1', kind: 'wait-for', title: '', reason: '', disrupts: null } as const;
const url = 'https://10.0.0.1:6443/readyz';
const answers = { that: 'answers', url, authority: '/etc/kubernetes/pki/ca.crt', pods: ['etcd'] } as const;

test.each([
  ['200', { stdout: 'ok\n200' }, undefined],
  ['200 without a body', { stdout: '\n200' }, undefined],
  [
    'nobody who listens',
    {
      exitCode: 7,
      stdout: '\n000',
      stderr: "curl: (7) Failed to connect to 10.0.0.1 port 6443 after 3 ms: Couldn't connect to server\n",
    },
    "Failed to connect to 10.0.0.1 port 6443: Couldn't connect to server",
  ],
  [
    'a server that is known by another authority',
    {
      exitCode: 60,
      stderr: 'curl: (60) SSL certificate problem: unable to get local issuer certificate\nMore details here\n',
    },
    'SSL certificate problem: unable to get local issuer certificate',
  ],
  ['an end without a word', { exitCode: 28 }, 'curl ends with 28'],
  ['another status', { stdout: 'not found\n404' }, 'status 404: not found'],
  [
    'an apiserver that is not ready',
    { stdout: '[+]ping ok\n[-]etcd failed: reason withheld\n[-]informer-sync failed\nreadyz check failed\n500' },
    'status 500: [-]etcd failed: reason withheld, [-]informer-sync failed',
  ],
  [
    'an apiserver that does not know us yet',
    {
      stdout: '{"kind":"Status","apiVersion":"v1","message":"forbidden: User cannot get path /readyz","code":403}\n403',
    },
    'status 403: forbidden: User cannot get path /readyz',
  ],
])('%s', (_, result, seen) => {
  expect(seenIn({ exitCode: 0, stdout: '', stderr: '', ...result })).toBe(seen);
});

test('an answer is asked for past every proxy until it comes', async () => {
  const given: Answer[] = [{ stdout: 'no\n500' }, { stdout: 'ok\n200' }];
  const { context, commands, told } = actingHost('/nowhere', { run: () => given.shift() });
  expect(await waitFor({ ...described, condition: answers, deadlineSeconds: 60 }, context)).toEqual({ changed: false });
  expect(told).toEqual([`${url} answers 200: status 500: no`]);
  expect(commands[0]).toMatch(
    /^curl .*--noproxy \* --cacert \/etc\/kubernetes\/pki\/ca\.crt .* --max-time 1 -- https:/s,
  );
});

test('without an answer in time, what the host knows of the pods is told', async () => {
  const log = '/var/log/pods/kube-system_etcd-node-1_5f/etcd/3.log';
  const { context } = actingHost('/nowhere', {
    run: (command) => {
      if (command.startsWith('curl ')) return { exitCode: 7, stderr: 'curl: (7) Failed to connect' };
      if (command.startsWith('find ')) return `1795298107.1 ${log}\n`;
      if (command.startsWith('tail ')) return '2026-11-21T21:55:07.1Z stderr F cannot open the database\n';
      if (command.startsWith('systemctl ')) return 'active\n';
      return '';
    },
  });
  await expect(waitFor({ ...described, condition: answers, deadlineSeconds: 0.01 }, context)).rejects.toMatchObject({
    code: 'STEP_FAILED',
    where: 'node-1',
    cause: {
      message: `seen last: Failed to connect
Pod kube-system/etcd-node-1 does not run
  container etcd does not run, was started 4 times
  ${log} ends with
    cannot open the database`,
    },
  });
});

test('a file is waited for until its deadline', () =>
  inTemporaryDirectory(async (directory) => {
    const { context } = actingHost(directory);
    const step = { ...described, condition: { that: 'file-exists', path: '/x' }, deadlineSeconds: 0.01 } as const;
    await expect(waitFor(step, context)).rejects.toMatchObject({
      code: 'STEP_FAILED',
      message: 'Waited 0.01 seconds in vain for this: /x is there',
      where: 'node-1',
      cause: { message: 'seen last: it is not there' },
    });
    await writeFile(join(directory, 'x'), '');
    expect(await waitFor(step, context)).toEqual({ changed: false });
  }));
