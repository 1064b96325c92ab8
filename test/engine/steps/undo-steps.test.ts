import { lstat, mkdir, rename as move, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sha256Of } from '../../../src/disc/sha256-of.ts';
import { noteBefore } from '../../../src/engine/note-before.ts';
import { observeLeftovers } from '../../../src/engine/observe-leftovers.ts';
import type { StepContext, StepOutcome } from '../../../src/engine/step-handler.ts';
import { noteFiles } from '../../../src/engine/steps/note-files.ts';
import { undoHandlers } from '../../../src/engine/undo-handlers.ts';
import type { UndoAction } from '../../../src/plan/undo-kinds.ts';
import { type Acting, type Answer, actingHost } from '../../support/engine/acting-host.ts';
import { inTemporaryDirectory } from '../../support/temporary-directory.ts';

const mine = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

function undo(action: UndoAction, context: StepContext): Promise<StepOutcome> {
  const step = { id: 's', host: 'node-1', title: '', reason: '', disrupts: null, ...action };
  const handler = undoHandlers[action.kind] as (step: unknown, context: StepContext) => Promise<StepOutcome>;
  return handler(step, context);
}

interface Ground extends Acting {
  readonly root: string;
  lay(path: string, content?: string): Promise<void>;
}

function ground(
  run: (command: string) => Answer | Promise<Answer>,
  use: (ground: Ground) => Promise<void>,
): Promise<void> {
  return inTemporaryDirectory((root) => {
    const lay = async (path: string, content = '') => {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    };
    return use({ ...actingHost(root, { run }), root, lay });
  });
}

const silent = () => '';

describe('remove-paths', () => {
  test('trees go whole, folders of ours when they are empty, and a second time there is nothing to do', () =>
    ground(silent, async ({ root, lay, context }) => {
      for (const path of ['/var/lib/kubelet/pods/1/x', '/etc/a/ours', '/etc/b/ours', '/etc/b/theirs']) await lay(path);
      const action = {
        kind: 'remove-paths',
        trees: ['/var/lib/kubelet', '/etc/kubernetes'],
        ours: ['/etc/a/ours', '/etc/b/ours', '/etc/a', '/etc/b'],
      } as const;
      expect(await undo(action, context)).toEqual({ changed: true });
      expect(await readdir(join(root, 'var/lib'))).toEqual([]);
      expect(await readdir(join(root, 'etc'), { recursive: true })).toEqual(['b', 'b/theirs']);
      expect(await undo(action, context)).toEqual({ changed: false });
    }));

  test('a folder behind a link of the owner is emptied, and both stay; a link within it is not followed', () =>
    ground(silent, async ({ root, lay, context }) => {
      await lay('/data/etcd/member/db');
      await lay('/data/etcd/lost+found/x');
      await lay('/precious/file');
      await symlink(join(root, 'precious'), join(root, 'data/etcd/link'));
      await mkdir(join(root, 'var/lib'), { recursive: true });
      await symlink(join(root, 'data/etcd'), join(root, 'var/lib/etcd'));
      await undo({ kind: 'remove-paths', trees: ['/var/lib/etcd'], ours: [] }, context);
      expect(await readdir(join(root, 'data/etcd'))).toEqual(['lost+found']);
      expect((await lstat(join(root, 'var/lib/etcd'))).isSymbolicLink()).toBe(true);
      expect(await readdir(join(root, 'precious'))).toEqual(['file']);
    }));
});

describe('remove-copy', () => {
  const action = { kind: 'remove-copy', path: '/root/.kube/config', source: '/etc/kubernetes/admin.conf' } as const;

  test.each([
    ['the copy', 'a: 1\n', true],
    ['one with renewed certificates', 'a: 1\nb: {client-key-data: old}\n', true],
    ['one that was changed', 'a: 2\n', false],
  ])('%s', (_, copy, goes) =>
    ground(silent, async ({ root, lay, context, told }) => {
      await lay(action.path, copy);
      await lay(action.source, copy.includes('b:') ? 'a: 1\nb: {client-key-data: new}\n' : 'a: 1\n');
      expect(await undo(action, context)).toEqual({ changed: goes });
      expect(await readdir(join(root, 'root/.kube'))).toEqual(goes ? [] : ['config']);
      expect(told.length).toBe(goes ? 0 : 1);
    }),
  );

  test('nothing goes while there is nothing to compare with', () =>
    ground(silent, async ({ root, lay, context }) => {
      await lay(action.path, 'a: 1\n');
      expect(await undo(action, context)).toEqual({ changed: false });
      expect(await readdir(join(root, 'root/.kube'))).toEqual(['config']);
    }));
});

test.each([
  ['/etc/dnf/plugins/versionlock.list', ''],
  ['/etc/dnf/site.list', '[main]\nlocklist = /etc/dnf/site.list\n'],
])('release-holds: the list %s keeps what the owner holds, and its protection', (path, configuration) =>
  ground(silent, async ({ root, lay, context }) => {
    await lay('/etc/dnf/plugins/versionlock.conf', configuration);
    const action = { kind: 'release-holds', packages: ['kubelet'] } as const;
    expect(await undo(action, context)).toEqual({ changed: false });
    await lay(path, 'vim-2:8-1.*\n# Added lock on Sat\nkubelet-0:1.36.3-1.*\n');
    expect(await undo(action, context)).toEqual({ changed: true });
    expect(await readFile(join(root, path), 'utf8')).toBe('vim-2:8-1.*\n');
    expect((await lstat(join(root, path))).uid).toBe(mine.uid);
    expect(await undo(action, context)).toEqual({ changed: false });
  }),
);

describe('remove-packages', () => {
  const action = { kind: 'remove-packages', packages: ['kubelet-0:1-1.x86_64', 'gone-0:1-1.x86_64'] } as const;
  const rpm = (answers: Readonly<Record<string, Answer>>) => (command: string) => {
    for (const [start, answer] of Object.entries(answers)) if (command.startsWith(start)) return answer;
    return '';
  };
  const installed = { 'rpm --query --all': 'kubelet-0:1-1.x86_64\nbash-0:5-1.x86_64\n' };

  test('those that are there, without plugins, and nothing else; changed configuration goes as well', () =>
    ground(rpm({ ...installed, 'rpm --query --configfiles': '/etc/sysconfig/kubelet\n/etc/b\n' }), async (each) => {
      await each.lay('/etc/sysconfig/kubelet.rpmsave');
      // Of somebody else, from before.
      await each.lay('/etc/b.rpmsave');
      const noted = each.context.possessions;
      await noted.add([{ what: 'path', path: '/etc/sysconfig/kubelet.rpmsave' }]);
      expect(await undo(action, each.context)).toEqual({ changed: true });
      const removal = each.commands.find((command) => command.startsWith('dnf'));
      expect(removal).toMatch(
        /^dnf remove .*--noplugins .*clean_requirements_on_remove=False.* -- kubelet-0:1-1.x86_64$/,
      );
      expect((await readdir(join(each.root, 'etc'), { recursive: true })).sort()).toEqual(['b.rpmsave', 'sysconfig']);
    }));

  test('what rpm has laid beside files of the owner goes, and the owner’s are kept as they are by then', () => {
    const path = '/etc/containerd/config.toml';
    const packaged = `kubelet.x86_64 ${sha256Of('of the package\n')} ${path}\n`;
    const answers = rpm({
      ...installed,
      'rpm --query --configfiles': `${path}\n/etc/b\n`,
      'rpm --query --queryformat': packaged,
    });
    let rename = async () => {};
    return ground(
      async (command) => {
        if (command.startsWith('dnf ')) await rename();
        return answers(command);
      },
      async ({ root, lay, context, noted }) => {
        await lay(path, 'of the owner\n');
        await noteFiles([{ path, sha256: sha256Of('ours\n') }], context);
        await context.possessions.add([{ what: 'packages-before', packages: ['bash-0:5-1.x86_64'] }]);
        await lay(path, 'edited since\n');
        await lay(`${path}.rpmnew`, 'of the package\n');
        await lay('/etc/b.rpmnew', 'of another\n');
        // As rpm does with what is not as it was packaged.
        rename = () => move(join(root, path), join(root, `${path}.rpmsave`));
        const planned = noted.flatMap((each) => (each.what === 'file' ? [each] : []));
        expect(await undo(action, context)).toEqual({ changed: true });
        expect(await undo({ kind: 'restore-files', files: planned }, context)).toEqual({ changed: true });
        expect(await readFile(join(root, path), 'utf8')).toBe('edited since\n');
        const left = await readdir(join(root, 'etc'), { recursive: true });
        expect(left.sort()).toEqual(['b.rpmnew', 'containerd', 'containerd/config.toml']);
      },
    );
  });

  test('another transaction is waited for', () => {
    let isLocked = true;
    const dnf = () => {
      const answer = isLocked
        ? { exitCode: 200, stderr: 'RPMDB already locked by 12\n  The application with PID 12 is: dnf-automatic\n' }
        : '';
      isLocked = false;
      return answer;
    };
    const answers = rpm(installed);
    return ground(
      (command) => (command.startsWith('dnf ') ? dnf() : answers(command)),
      async ({ context, commands, told }) => {
        expect(await undo(action, context)).toEqual({ changed: true });
        const removals = commands.filter((command) => command.startsWith('dnf '));
        expect(removals).toHaveLength(2);
        expect(removals[0]).toContain(' --setopt=exit_on_lock=True ');
        expect(told).toEqual([
          'RPMDB already locked by 12',
          '  The application with PID 12 is: dnf-automatic',
          expect.stringContaining('process 12 (dnf-automatic) holds dnf’s lock RPMDB'),
        ]);
      },
    );
  });

  test('what others require is named, and stays', () =>
    ground(
      rpm({
        ...installed,
        'rpm --erase --test': { exitCode: 1, stderr: 'kubelet is needed by (installed) mine-1-1\n' },
      }),
      async ({ context, commands }) => {
        await expect(undo(action, context)).rejects.toMatchObject({
          code: 'STEP_FAILED',
          cause: { message: 'kubelet is needed by (installed) mine-1-1' },
        });
        expect(commands.filter((command) => command.startsWith('dnf'))).toEqual([]);
      },
    ));

  test('none, when none is there', () =>
    ground(rpm({ 'rpm --query --all': 'bash-0:5-1.x86_64\n' }), async ({ context, commands }) => {
      expect(await undo(action, context)).toEqual({ changed: false });
      expect(commands).toHaveLength(1);
    }));
});

describe('remove-rpm-keys', () => {
  const [ours, theirs] = ['gpg-pubkey-abababab-1', 'gpg-pubkey-00000001-1'];
  const action = { kind: 'remove-rpm-keys', keys: [ours, 'gpg-pubkey-00000002-1'] } as const;

  test('those that are there, and no other', () =>
    ground(
      (command) => (command.startsWith('rpm --query') ? `${ours}\n${theirs}\n` : ''),
      async ({ context, commands }) => {
        expect(await undo(action, context)).toEqual({ changed: true });
        expect(commands.filter((each) => !each.startsWith('rpm --query'))).toEqual([`rpm --erase -- ${ours}`]);
      },
    ));

  test('an rpm that fails does not say that there is none', () =>
    ground(
      () => ({ exitCode: 1, stderr: 'error: cannot open Packages database\n' }),
      async ({ context }) => {
        await expect(undo(action, context)).rejects.toMatchObject({
          code: 'STEP_FAILED',
          cause: { message: expect.stringContaining('cannot open Packages database') },
        });
      },
    ));

  test('nothing is erased where there is none', () =>
    ground(silent, async ({ context }) => {
      expect(await undo(action, context)).toEqual({ changed: false });
    }));
});

test('remove-users: those of the host’s own files, and a group that stayed', () =>
  ground(silent, async ({ lay, context, commands }) => {
    await lay('/etc/passwd', 'root:x:0:0::/root:/bin/sh\netcd:x:998:998::/var/lib/etcd:/sbin/nologin\n');
    await lay('/etc/group', 'root:x:0:\nsalt:x:996:\n');
    await undo({ kind: 'remove-users', users: ['etcd', 'salt', 'nobody-there'] }, context);
    expect(commands).toEqual(['userdel -- etcd', 'groupdel -- salt']);
  }));

test('restore-settings: what differs and can be written; the rest is told', () =>
  ground(
    (command) => (command.includes('panic') ? { exitCode: 255 } : ''),
    async ({ lay, context, commands, told }) => {
      await lay('/proc/sys/net/ipv4/ip_forward', '1\n');
      await lay('/proc/sys/kernel/panic', '10\n');
      await lay('/proc/sys/vm/panic_on_oom', '0\n');
      const settings = [
        { name: 'net.ipv4.ip_forward', value: '0' },
        { name: 'kernel.panic', value: '0' },
        { name: 'vm.panic_on_oom', value: '0' },
        { name: 'net.bridge.gone', value: '0' },
      ];
      expect(await undo({ kind: 'restore-settings', settings }, context)).toEqual({ changed: true });
      expect(commands).toEqual([
        'sysctl --quiet --write net.ipv4.ip_forward=0',
        'sysctl --quiet --write kernel.panic=0',
      ]);
      expect(told).toEqual([expect.stringContaining('kernel.panic was 0 before')]);
    },
  ));

describe('unmount-below', () => {
  const mountinfo = ['/', '/var/lib/kubelet', '/var/lib/kubelet/a', '/var/lib/kubelet/a/b', '/var/lib/kubelet2/c'];
  const lines = (points: readonly string[]) =>
    points.map((point) => `1 1 0:1 / ${point} rw - tmpfs tmpfs rw\n`).join('');

  test('what is below, last first, and never the folder itself; what is busy is let go', () =>
    ground(
      (command) =>
        command.endsWith('-- /var/lib/kubelet/a') && !command.includes('lazy')
          ? { exitCode: 32 }
          : { exitCode: command.startsWith('realpath') ? 1 : 0 },
      async ({ lay, context, commands }) => {
        await lay('/proc/self/mountinfo', lines(mountinfo));
        expect(await undo({ kind: 'unmount-below', paths: ['/var/lib/kubelet'] }, context)).toEqual({ changed: true });
        expect(commands.filter((command) => command.includes('umount'))).toEqual([
          'timeout --kill-after=5 30 umount --no-canonicalize -- /var/lib/kubelet/a/b',
          'timeout --kill-after=5 30 umount --no-canonicalize -- /var/lib/kubelet/a',
          'umount --no-canonicalize --lazy -- /var/lib/kubelet/a',
        ]);
      },
    ));

  test('what cannot be let go either is named', () =>
    ground(
      (command) => (command.includes('umount') ? { exitCode: 32, stderr: 'not permitted' } : { exitCode: 1 }),
      async ({ lay, context }) => {
        await lay('/proc/self/mountinfo', lines(mountinfo));
        await expect(undo({ kind: 'unmount-below', paths: ['/var/lib/kubelet'] }, context)).rejects.toMatchObject({
          where: '/var/lib/kubelet/a/b',
          cause: { message: 'not permitted' },
        });
      },
    ));
});

test('end-processes: Salt and agents are told to end, dnf is waited for', () => {
  const salt = '7 0::/ /opt/saltstack/salt/bin/python3 salt-call --config-dir=/etc/metalk8s/salt --local\n';
  const dnf = '8 0::/ /usr/bin/python3 /usr/bin/dnf --enablerepo=metalk8s-136.0.0 install kubelet\n';
  const seen = [salt + dnf, dnf, ''];
  return ground(
    (command) => (command.startsWith('ps ') ? (seen.shift() ?? '') : ''),
    async ({ context, commands, told }) => {
      expect(await undo({ kind: 'end-processes', deadlineSeconds: 10 }, context)).toEqual({ changed: true });
      expect(commands.filter((command) => command.startsWith('kill'))).toEqual(['kill -TERM 7']);
      expect(told).toEqual([expect.stringContaining('process 8')]);
    },
  );
});

test('before the first step it is noted what is not there, who is not, and what the kernel has', () =>
  ground(silent, async ({ lay, context, noted }) => {
    await lay('/opt/cni/bin/bridge');
    await lay('/etc/passwd', 'root:x:0:0::/root:/bin/sh\n');
    await lay('/proc/sys/vm/overcommit_memory', '0\n');
    await noteBefore({ steps: [] }, context);
    const paths = noted.flatMap((each) => (each.what === 'path' ? [each.path] : []));
    expect(paths).toContain('/var/lib/containerd');
    expect(paths).not.toContain('/opt/cni');
    expect(noted).toContainEqual({ what: 'user', name: 'salt' });
    expect(noted).toContainEqual({ what: 'kernel-setting', name: 'vm.overcommit_memory', before: '0' });
    expect(noted).not.toContainEqual(expect.objectContaining({ name: 'kernel.panic' }));
  }));

test('what a package brings before ours is placed is not taken for the owner’s', () =>
  ground(silent, async ({ lay, context, noted }) => {
    await lay('/etc/owners.conf', 'before\n');
    const of = (path: string) => ({ path, user: 'root', group: 'root', mode: '0644', sha256: '0'.repeat(64) });
    await lay('/etc/owners.d/x.conf');
    const files = [of('/etc/containerd/config.toml'), of('/etc/owners.conf'), of('/etc/owners.d/package.conf')];
    const text = { id: 'salt', host: 'node-1', title: '', reason: '', disrupts: null };
    const plan = { steps: [{ ...text, kind: 'place-files', directories: [], files }] } as const;
    await noteBefore(plan, context);
    await lay('/etc/containerd/config.toml', 'of the package\n');
    // A transaction that goes on is not in the database of rpm yet.
    await lay('/etc/owners.d/package.conf', 'of the package\n');
    const first = [...noted];
    await noteBefore(plan, context);
    for (const each of noted) expect(first).toContainEqual(each);
    const placed = noted.flatMap((each) => (each.what === 'file' ? [[each.path, each.before?.type ?? null]] : []));
    expect(placed).toEqual([
      ['/etc/containerd/config.toml', null],
      ['/etc/owners.conf', 'file'],
      ['/etc/owners.d/package.conf', null],
    ]);
  }));

test('what a cluster has set meanwhile is not taken for what was before', () =>
  ground(silent, async ({ lay, context, noted }) => {
    await lay('/proc/sys/vm/overcommit_memory', '0\n');
    await noteBefore({ steps: [] }, context);
    await lay('/proc/sys/net/netfilter/nf_conntrack_max', '131072\n');
    await noteBefore({ steps: [] }, context);
    expect(noted).not.toContainEqual(expect.objectContaining({ name: 'net.netfilter.nf_conntrack_max' }));
  }));

test('clear-network: tables that a killed run has emptied go as well, and those that were there before stay', () => {
  const tables = new Set(['ip nat']);
  const answer = (command: string) => {
    if (command === 'nft list tables') return [...tables].map((name) => `table ${name}\n`).join('');
    const [, deed, name = ''] = /^nft (list|delete) table (.+)$/.exec(command) ?? [];
    if (deed === 'delete') tables.delete(name);
    return deed === 'list' ? `table ${name} {\n}\n` : '';
  };
  return ground(answer, async ({ context, commands }) => {
    await noteBefore({ steps: [] }, context);
    // Whatever a cluster had in them is gone: the run was killed just then.
    tables.add('ip filter').add('ip6 mangle');
    expect((await observeLeftovers(context.possessions.list(), context)).network).toEqual([
      'empty table ip filter',
      'empty table ip6 mangle',
    ]);
    expect(await undo({ kind: 'clear-network' }, context)).toEqual({ changed: true });
    expect(commands.filter((command) => command.includes('delete'))).toEqual([
      'nft delete table ip filter',
      'nft delete table ip6 mangle',
    ]);
    expect(await undo({ kind: 'clear-network' }, context)).toEqual({ changed: false });
  });
});

describe('reload-units', () => {
  const action = { kind: 'reload-units', starts: ['swap.target'], restarts: [] } as const;
  const table = (used: readonly string[]) => ['Filename Type Size Used Priority', ...used, ''].join('\n');

  test.each([
    ['what a target pulls in is started, also where the target is active', ['/dev/sdb2 partition 1048572 0 -2'], true],
    ['where nothing swaps, nothing has changed', [], false],
  ])('%s', (_, swapped, changed) => {
    let start = async () => {};
    return ground(
      async (command) => {
        if (command === 'systemctl start -- swap.target') await start();
        return command.startsWith('systemctl show') ? 'LoadState=loaded\nActiveState=active\n' : '';
      },
      async ({ lay, context, commands }) => {
        await lay('/proc/swaps', table([]));
        start = () => lay('/proc/swaps', table(swapped));
        expect(await undo(action, context)).toEqual({ changed });
        expect(commands).toContain('systemctl start -- swap.target');
        expect(await undo(action, context)).toEqual({ changed: false });
      },
    );
  });
});
