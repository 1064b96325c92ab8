import { chmod, chown, lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { copyKubeconfig } from '../../../src/engine/steps/copy-kubeconfig.ts';
import { isFormerCopy } from '../../../src/engine/steps/is-former-copy.ts';
import { localHost } from '../../../src/hosts/local-host.ts';
import { actingHost } from '../../support/engine/acting-host.ts';
import { inTemporaryDirectory } from '../../support/temporary-directory.ts';

/** A user of every system, who has nothing. */
const NOBODY = { user: 'nobody', uid: 65534, group: 'daemon' } as const;

function kubeconfig(certificate: string, server = 'https://10.0.0.1:6443', more: object = {}): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'kubernetes', cluster: { 'certificate-authority-data': certificate, server } }],
    contexts: [{ name: 'admin', context: { cluster: 'kubernetes', user: 'admin' } }],
    'current-context': 'admin',
    users: [{ name: 'admin', user: { 'client-certificate-data': certificate, 'client-key-data': certificate } }],
    ...more,
  });
}

/** A home of somebody, as the real programs see it. */
async function inHome(work: (at: { home: string; copy: () => Promise<readonly string[]> }) => Promise<void>) {
  await inTemporaryDirectory(async (directory) => {
    await chmod(directory, 0o755);
    const home = join(directory, 'home');
    await mkdir(home);
    await chown(home, NOBODY.uid, NOBODY.uid);
    const source = join(directory, 'admin.conf');
    await writeFile(source, kubeconfig('new'), { mode: 0o600 });
    const { context, told, noted } = actingHost('/');
    const step = { source, target: join(home, '.kube/config'), user: NOBODY.user, group: NOBODY.group };
    const described = {
      id: 'copy',
      host: 'node-1',
      kind: 'copy-kubeconfig',
      title: '',
      reason: '',
      disrupts: null,
    } as const;
    const copy = async () => {
      told.length = 0;
      const { changed } = await copyKubeconfig({ ...described, ...step }, { ...context, host: localHost('node-1') });
      if (changed)
        for (const name of ['config', '.config.metalk8s-new'])
          expect(noted).toContainEqual({ what: 'path', path: join(home, '.kube', name) });
      return [changed ? 'changed' : 'unchanged', ...told];
    };
    await work({ home, copy });
  });
}

test('somebody is given a copy of their own, once', () =>
  inHome(async ({ home, copy }) => {
    expect(await copy()).toEqual(['changed']);
    const folder = await lstat(join(home, '.kube'));
    const file = await lstat(join(home, '.kube/config'));
    expect([folder.mode & 0o7777, folder.uid, file.mode & 0o7777, file.uid]).toEqual([
      0o700,
      NOBODY.uid,
      0o600,
      NOBODY.uid,
    ]);
    expect(await readFile(join(home, '.kube/config'), 'utf8')).toBe(kubeconfig('new'));
    expect(await copy()).toEqual(['unchanged']);
    expect(await readdir(join(home, '.kube'))).toEqual(['config']);
  }));

test('a former copy is replaced, anything else is kept', () =>
  inHome(async ({ home, copy }) => {
    await copy();
    const file = join(home, '.kube/config');
    await writeFile(file, kubeconfig('old'));
    expect(await copy()).toEqual(['changed']);
    for (const kept of [
      kubeconfig('old', 'https://elsewhere:6443'),
      kubeconfig('old', undefined, { preferences: {} }),
      'x',
      '',
    ]) {
      await writeFile(file, kept);
      expect(await copy()).toEqual(['unchanged', expect.stringContaining('is there already and was left as it is')]);
      expect(await readFile(file, 'utf8')).toBe(kept);
    }
    expect(await readdir(join(home, '.kube'))).toEqual(['config']);
  }));

test('root does nothing there that the user may not do', () =>
  inHome(async ({ home, copy }) => {
    const roots = join(home, '../roots');
    await mkdir(roots);
    await symlink('../roots', join(home, '.kube'));
    await expect(copy()).rejects.toMatchObject({
      code: 'STEP_FAILED',
      message: 'nobody cannot be given a kubeconfig',
      cause: { message: expect.stringContaining('Permission denied') },
    });
    expect(await readdir(roots)).toEqual([]);
  }));

test('a link that leads nowhere is somebody’s, and stays', () =>
  inHome(async ({ home, copy }) => {
    await mkdir(join(home, '.kube'));
    await symlink('../volume/config', join(home, '.kube/config'));
    expect(await copy()).toEqual(['unchanged', expect.stringContaining('is there already and was left as it is')]);
    expect(await readdir(join(home, '.kube'))).toEqual(['config']);
  }));

test('what has the key goes when it cannot get its name', () =>
  inHome(async ({ home, copy }) => {
    await copy();
    const folder = join(home, '.kube');
    const file = join(folder, 'config');
    // In such a folder everybody may write, and nobody may replace what is root's.
    await rm(file);
    await writeFile(file, kubeconfig('old'), { mode: 0o644 });
    await chown(folder, 0, 0);
    await chmod(folder, 0o1777);
    await expect(copy()).rejects.toMatchObject({ code: 'STEP_FAILED', message: 'nobody cannot be given a kubeconfig' });
    expect(await readdir(folder)).toEqual(['config']);
    expect(await readFile(file, 'utf8')).toBe(kubeconfig('old'));
  }));

test('where there is no home, that is told', () =>
  inHome(async ({ home, copy }) => {
    await rm(home, { recursive: true });
    expect(await copy()).toEqual(['unchanged', expect.stringContaining('nobody has no home folder')]);
  }));

test.each([
  ['from the beginning', 'test -d /home/ada', 124],
  ['once it is looked into', 'test -f /home/ada/.kube/config', 124],
  ['once it is written to, and its processes have to be killed', 'mkdir --parents', 137],
])('a home on a server that does not answer is told of, and holds nothing up: %s', (_, stuck, exitCode) =>
  inTemporaryDirectory(async (root) => {
    await writeFile(join(root, 'admin.conf'), kubeconfig('new'));
    const { context, commands, told } = actingHost(root, {
      run: (command) => {
        if (command.includes(stuck)) return { exitCode };
        return { exitCode: command.includes(' -- test -') && !command.includes('test -d') ? 1 : 0 };
      },
    });
    const described = { id: 'copy', host: 'node-1', title: '', reason: '', disrupts: null } as const;
    const step = { source: '/admin.conf', target: '/home/ada/.kube/config', user: 'ada', group: 'ada' };
    const copying = copyKubeconfig({ ...described, kind: 'copy-kubeconfig', ...step }, context);
    expect(await copying).toEqual({ changed: false });
    expect(told).toEqual([
      'the home folder /home/ada of ada does not answer, so no kubeconfig there; /admin.conf has it',
    ]);
    for (const command of commands) expect(command).toMatch(/^timeout --kill-after=5 30 runuser --user ada /);
    expect(commands.at(-1)).toContain(stuck);
  }),
);

test('what is no kubeconfig is no former copy of one', () => {
  for (const text of ['', 'x', '- 1', '{', '&a [*a]', kubeconfig('x').replace('10.0.0.1', '10.0.0.2')])
    expect(isFormerCopy(text, kubeconfig('y'))).toBe(false);
  expect(isFormerCopy(kubeconfig('x'), kubeconfig('y'))).toBe(true);
  expect(isFormerCopy(`${kubeconfig('x')}]`, kubeconfig('y'))).toBe(false);
});
