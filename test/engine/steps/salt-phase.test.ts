import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256Of } from '../../../src/disc/sha256-of.ts';
import { saltPhase } from '../../../src/engine/steps/salt-phase.ts';
import type { SystemChanges } from '../../../src/plan/step-kinds.ts';
import { SALT_ENVIRONMENT, saltCommand } from '../../../src/salt/phases.ts';
import { type Answer, actingHost } from '../../support/engine/acting-host.ts';
import { inTemporaryDirectory } from '../../support/temporary-directory.ts';

const file = {
  path: '/etc/x/hosts.toml',
  user: 'root',
  group: 'root',
  mode: '0644',
  sha256: sha256Of('server = "x"\n'),
};
const system: SystemChanges = {
  packages: { repository: 'metalk8s-136.0.0', installed: ['socat'], held: [] },
  users: [
    { name: 'etcd', home: '/var/lib/etcd' },
    { name: 'present', home: '/' },
  ],
  kernelModules: ['overlay'],
  kernelSettings: [
    { name: 'net.ipv4.ip_forward', value: '1' },
    { name: 'net.ipv4.already', value: '1' },
    { name: 'net.bridge.bridge-nf-call-iptables', value: '1' },
  ],
  swap: 'off',
};
const step = {
  id: 'salt',
  host: 'node-1',
  kind: 'salt-phase',
  title: '',
  reason: '',
  disrupts: null,
  phase: 'kubelet',
  command: saltCommand('kubelet'),
  directories: [{ path: '/etc/x', user: 'root', group: 'root', mode: '0755' }],
  files: [file],
  units: [],
  system: null,
} as const;

/** As Salt 3008 answers. */
function answer(
  ...states: readonly { readonly result: boolean; readonly changes?: object; readonly comment?: string }[]
) {
  const entries = states.map(({ comment = '', changes = {}, result }, index) => [
    `file_|-/etc/x/${index}_|-/etc/x/${index}_|-managed`,
    { __id__: `/etc/x/${index}`, __run_num__: index, name: `/etc/x/${index}`, changes, result, comment },
  ]);
  return `${JSON.stringify({ local: Object.fromEntries(entries) })}\n`;
}

const RUNNING =
  '{"local": ["The function \\"state.apply\\" is running as PID 12221 and was started at 2026, Nov 21 19:28:06.976667 with jid 20261121192806976667"]}\n';

/** What else ps lists: the owner's Salt. */
const OTHERS = '   4712 0::/user.slice /usr/bin/salt-call --local state.apply\n';

interface Options {
  readonly answers: readonly Answer[];
  readonly running?: readonly string[];
}

function salt({ answers, running = [] }: Options) {
  let runs = 0;
  let looks = 0;
  return (command: string): Answer => {
    if (command.startsWith('/opt/saltstack/')) return answers[runs++];
    if (command.startsWith('ps ')) return `${running[looks++] ?? ''}${OTHERS}`;
    if (command.startsWith('getent passwd -- etcd')) return { exitCode: 2 };
    if (command === 'sysctl --values net.ipv4.ip_forward') return '0\n';
    if (command === 'sysctl --values net.ipv4.already') return '1\n';
    if (command.startsWith('sysctl')) return { exitCode: 1, stderr: 'sysctl: cannot stat' };
    return '';
  };
}

function apply(options: Options, prepare = async (_: string) => {}, changes: object = {}) {
  return inTemporaryDirectory(async (directory) => {
    await prepare(directory);
    const contents = { [file.sha256]: 'server = "x"\n' };
    const { context, noted, told } = actingHost(directory, { run: salt(options), contents });
    const outcome = await saltPhase({ ...step, ...changes }, context);
    return { ...outcome, noted, told, left: await readdir(join(directory, 'etc/x')).catch(() => []) };
  });
}

test('a phase has changed something when a state has', async () => {
  const changed = answer({ result: true }, { result: true, changes: { diff: 'New file' } });
  expect(await apply({ answers: [changed] })).toMatchObject({ changed: true });
  expect(await apply({ answers: [answer({ result: true })] })).toMatchObject({ changed: false });
});

test('files and folders that are not there are noted; of what Salt says its messages are told alone', async () => {
  const answers = [{ stdout: answer({ result: true }), stderr: '[WARNING ] careful\n' }];
  const { noted, told } = await apply({ answers });
  const entry = { what: 'file', path: file.path, before: null, ours: file.sha256 };
  const folders = ['/etc', '/etc/x'].map((path) => ({ what: 'path', path }));
  expect(noted).toEqual([...folders, { ...entry, placed: false }]);
  expect(told).toEqual(['[WARNING ] careful']);
});

test('which files Salt has placed is noted, also where it failed', () =>
  inTemporaryDirectory(async (directory) => {
    const lay = (content: string) => writeFile(join(directory, file.path), content);
    await mkdir(join(directory, 'etc/x'), { recursive: true });
    await lay('of the owner\n');
    const answers = salt({ answers: [answer({ result: false }), answer({ result: true }, { result: false })] });
    let runs = 0;
    const { context, noted } = actingHost(directory, {
      async run(command) {
        if (command.startsWith('/opt/saltstack/') && ++runs === 2) await lay('server = "x"\n');
        return answers(command);
      },
    });
    const entry = () => noted.find(({ what }) => what === 'file');
    await expect(saltPhase(step, context)).rejects.toMatchObject({ code: 'STEP_FAILED' });
    expect(entry()).toMatchObject({ placed: false });
    await lay('newer\n');
    await expect(saltPhase(step, context)).rejects.toMatchObject({ code: 'STEP_FAILED' });
    const copy = '/var/lib/metalk8s/before/etc/x/hosts.toml~';
    expect(entry()).toMatchObject({ placed: true, before: { copy } });
    expect(await context.host.files.read(copy)).toBe('newer\n');
  }));

test('what else it changes of the host is noted as it was', async () => {
  const { noted } = await apply({ answers: [answer({ result: true })] }, undefined, { system });
  expect(noted).toEqual(
    expect.arrayContaining([
      { what: 'packages-before', packages: [] },
      { what: 'rpm-keys-before', keys: [] },
      { what: 'path', path: '/etc/systemd/system/swap.target' },
      { what: 'path', path: '/etc/dnf/plugins/.versionlock.list.metalk8s-new' },
      { what: 'user', name: 'etcd' },
      { what: 'kernel-setting', name: 'net.ipv4.ip_forward', before: '0' },
    ]),
  );
  expect(noted.filter(({ what }) => what === 'user' || what === 'kernel-setting')).toHaveLength(2);
});

test('Salt waits for no name server', () =>
  inTemporaryDirectory(async (directory) => {
    const answers = salt({ answers: [answer({ result: true })] });
    const given: unknown[] = [];
    const { context } = actingHost(directory, {
      run(command, _, env) {
        if (command.startsWith('/opt/saltstack/')) given.push(env);
        return answers(command);
      },
    });
    await saltPhase(step, context);
    expect(given).toEqual([SALT_ENVIRONMENT]);
  }));

test('a state that failed is told with its words and where all the rest is', async () => {
  const comment = "Source file salt://metalk8s-files/ab not found in saltenv 'base'";
  const failed = {
    stdout: answer({ result: true }, { result: false, comment }),
    stderr: '[ERROR   ] no\n',
    exitCode: 2,
  };
  await expect(apply({ answers: [failed] })).rejects.toMatchObject({
    code: 'STEP_FAILED',
    message: 'Salt could not bring about the state /etc/x/1',
    where: 'metalk8s.phases.kubelet',
    hint: expect.stringContaining('/var/log/metalk8s/salt.log'),
    cause: { message: `/etc/x/1 (file.managed): ${comment}\nSalt said: [ERROR   ] no` },
  });
});

test('another run of our Salt is waited for, seen by us or by Salt', async () => {
  const { changed, told } = await apply({
    running: [
      '   4711 0::/user.slice /opt/saltstack/salt/bin/python3 salt-call --config-dir=/etc/metalk8s/salt --local\n',
    ],
    answers: [{ stdout: RUNNING, exitCode: 1 }, answer({ result: true })],
  });
  expect(changed).toBe(false);
  expect(told).toEqual([
    expect.stringMatching(/^no other run of our Salt is under way on this host: process 4711 is one/),
    expect.stringMatching(/is running as PID 12221/),
  ]);
});

test('what a killed Salt has left beside files is removed, and nothing else', async () => {
  const { changed, left } = await apply({ answers: [answer({ result: true })] }, async (directory) => {
    const folder = join(directory, 'etc/x');
    await mkdir(folder, { recursive: true });
    const files = {
      'hosts.toml': 'server = "x"\n',
      'hosts.tomlab12_9xz': 'server = ',
      'hosts.tomlempty_00': '',
      'hosts.tomlmyown_00': 'mine',
      'hosts.toml.original': 'server = ',
      other_12345678: '',
    };
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  });
  expect(changed).toBe(true);
  expect(left.sort()).toEqual(['hosts.toml', 'hosts.toml.original', 'hosts.tomlmyown_00', 'other_12345678']);
});
