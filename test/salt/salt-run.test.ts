import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isMetalK8sError } from '../../src/errors/metalk8s-error.ts';
import { saltTemplates } from '../../src/product/salt-templates.ts';
import { archiveMountPoint, mountUnits } from '../../src/salt/archive-mounts.ts';
import { saltCommand } from '../../src/salt/phases.ts';
import { readStateReturn } from '../../src/salt/read-state-return.ts';
import type { SaltTemplates } from '../../src/salt/salt-node.ts';
import { saltRun } from '../../src/salt/salt-run.ts';
import { saltNode } from '../support/salt/salt-node.ts';

let templates: SaltTemplates;
beforeAll(async () => {
  templates = await saltTemplates();
});

async function runOf(...of: Parameters<typeof saltNode>) {
  return saltRun(await saltNode(...of), templates);
}

async function contentOf(end: string, ...of: Parameters<typeof saltNode>): Promise<string> {
  const { files, pillar } = await runOf(...of);
  const parts = Object.values(pillar.metalk8s) as { files?: readonly { path: string; source: string }[] }[];
  const source = parts.flatMap(({ files: placed = [] }) => placed).find(({ path }) => path.endsWith(end))?.source ?? '';
  return files.find(({ path }) => path.endsWith(source.replace('salt://', '/')))?.content ?? '';
}

describe('the files of a run', () => {
  test('are the same for the same node, and for root alone', async () => {
    const run = await runOf();
    expect(await runOf()).toEqual(run);
    for (const file of run.files) expect(file, file.path).toMatchObject({ mode: 0o600, uid: 0, gid: 0 });
  });

  test('lie in folders of our own; each source has the digest that it is named by, and is there once', async () => {
    const { files } = await runOf();
    const sources = files.filter(({ path }) => path.includes('/metalk8s-files/'));
    expect(sources.length).toBeGreaterThan(15);
    expect(new Set(sources.map(({ path }) => path)).size).toBe(sources.length);
    for (const { path, content } of sources) {
      expect(path.slice(-64)).toBe(createHash('sha256').update(content).digest('hex'));
    }
    for (const { path } of files) expect(path).toMatch(/^\/(?:etc|var\/lib)\/metalk8s\/salt\//);
  });

  test('every source that the pillar names is among them', async () => {
    const { files, pillar } = await runOf();
    const named = [...JSON.stringify(pillar).matchAll(/"salt:\/\/([^"]+)"/g)].map(([, path]) => path);
    const there = files.map(({ path }) => path.replace('/var/lib/metalk8s/salt/files/', ''));
    expect(named.length).toBeGreaterThan(15);
    for (const path of named) expect(there).toContain(path);
  });

  test('the pillar is data for Salt too: no Jinja is looked for in it', async () => {
    const { files, pillar } = await runOf();
    const file = files.find(({ path }) => path.endsWith('/pillar/node.sls'));
    expect(file?.content).toMatch(/^#!yaml\n/);
    expect(parse(file?.content ?? '')).toEqual(JSON.parse(JSON.stringify(pillar)));
  });

  test('Salt keeps to our folders', async () => {
    const { files } = await runOf();
    const settings = parse(files.find(({ path }) => path === '/etc/metalk8s/salt/minion')?.content ?? '');
    for (const key of ['cachedir', 'extension_modules', 'pki_dir', 'sock_dir', 'pidfile', 'log_file']) {
      expect(settings[key], key).toMatch(/^\/var\/(?:lib|log)\/metalk8s\//);
    }
  });
});

describe('what is placed', () => {
  test('containerd takes drop-ins of the administrator and the mirrors of our hosts', async () => {
    const content = await contentOf('/config.toml');
    expect(content).toContain("imports = ['/etc/containerd/conf.d/*.toml']");
    expect(content).toContain("config_path = '/etc/containerd/certs.d'");
    expect(content).toContain('sandbox = "registry.k8s.io/pause:3.10.2"');
    const { pillar } = await runOf();
    expect(pillar.metalk8s.containerd.directories.map(({ path }) => path)).toContain('/etc/containerd/conf.d');
  });

  test('proxies stand in a drop-in of the service, past those that systemd gives to all services', async () => {
    const proxies = { https: 'http://proxy.example.com:3128/a%20b', notProxied: ['localhost', '10.0.0.0/8'] };
    const lines = (await contentOf('.service.d/50-metalk8s.conf', { proxies })).split('\n').slice(1, -1);
    expect(lines).toEqual([
      '[Service]',
      'Environment="HTTP_PROXY="',
      'Environment="HTTPS_PROXY=http://proxy.example.com:3128/a%%20b"',
      'Environment="http_proxy="',
      'Environment="https_proxy="',
      'Environment="NO_PROXY=localhost,10.0.0.0/8"',
    ]);
    const without = await contentOf('.service.d/50-metalk8s.conf');
    for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy']) {
      expect(without).toContain(`\nEnvironment="${name}="\n`);
    }
  });

  test('NetworkManager leaves the interfaces of Calico alone, and hears nothing of another plugin', async () => {
    const content = await contentOf('/NetworkManager/conf.d/50-metalk8s.conf');
    const calico =
      'interface-name:cali*;interface-name:tunl*;interface-name:vxlan.calico;' +
      'interface-name:vxlan-v6.calico;interface-name:wireguard.cali;interface-name:wg-v6.cali';
    expect(content.split('\n')).toEqual([
      '[keyfile]',
      `unmanaged-devices+=${calico}`,
      '',
      '[device-metalk8s-calico]',
      `match-device=${calico}`,
      'managed=0',
      '',
    ]);
    const { pillar } = await runOf({ cni: 'none' });
    expect(pillar.metalk8s.networkManager).toEqual({ directories: [], files: [] });
  });

  test('an image is mounted by a loop device, a folder by a bind, both read-only', () => {
    const [image, folder] = mountUnits(
      [
        { version: '136.0.0', kind: 'image', path: '/data/metalk8s.iso' },
        { version: '137.0.0', kind: 'folder', path: '/data/137' },
      ],
      templates.archiveMount,
    );
    expect(image?.name).toBe('srv-metalk8s-136.0.0.mount');
    expect(image?.file.content).toContain('Type=iso9660\nOptions=ro,nodev,nosuid,noexec,loop\n');
    expect(folder?.file.content).toContain('What=/data/137\nWhere=/srv/metalk8s/137.0.0\nType=none\n');
    expect(folder?.file.content).toContain('Options=ro,nodev,nosuid,noexec,bind\n');
  });

  test('a folder at its own mount point needs no unit', () => {
    const path = archiveMountPoint('136.0.0');
    expect(mountUnits([{ version: '136.0.0', kind: 'folder', path }], templates.archiveMount)).toEqual([]);
  });

  test.each(['relative', '/a b', '/a/../b', '/a%b', '/a\n', '/a"b', '/'])('refuses to mount %j', (path) => {
    const wrong = () => mountUnits([{ version: '136.0.0', kind: 'image', path }], templates.archiveMount);
    expect(wrong).toThrow('is no path that an archive can be mounted from');
  });

  test('packages of an exact version are held, others are the owner of the host to update', async () => {
    const { pillar } = await runOf();
    expect(pillar.metalk8s.packages).toEqual({
      repository: 'metalk8s-136.0.0',
      installed: ['python3-dnf-plugin-versionlock', 'socat'],
      held: [{ name: 'kubelet', version: '1.36.3-150500.1.1' }],
    });
  });

  test('a version without a repository is a defect of the caller', async () => {
    await expect(runOf({ version: '999.0.0' })).rejects.toThrow('No repository has the packages of version 999.0.0');
  });
});

describe('phases', () => {
  test('a run of one phase, and of one that only looks', () => {
    expect(saltCommand('kubelet')).toEqual(expect.arrayContaining(['state.apply', 'metalk8s.phases.kubelet']));
    expect(saltCommand('kubelet')).not.toContain('test=True');
    expect(saltCommand('kubelet', { test: true }).at(-1)).toBe('test=True');
  });
});

describe('what Salt answers', () => {
  const state = (number: number, id: string, more: object) => ({
    [`file_|-${id}_|-${id}_|-managed`]: { __run_num__: number, __id__: id, comment: 'words', changes: {}, ...more },
  });

  test('is read in the order in which states ran', () => {
    const local = {
      ...state(2, '/c', { result: false }),
      ...state(0, '/a', { result: true }),
      ...state(1, '/b', { result: true, changes: { diff: 'x' } }),
      ...state(3, '/d', { result: null }),
    };
    expect(readStateReturn(JSON.stringify({ local }))).toEqual([
      { id: '/a', function: 'file.managed', result: 'unchanged', comment: 'words' },
      { id: '/b', function: 'file.managed', result: 'changed', comment: 'words' },
      { id: '/c', function: 'file.managed', result: 'failed', comment: 'words' },
      { id: '/d', function: 'file.managed', result: 'would change', comment: 'words' },
    ]);
  });

  test.each([
    ['{"local": ["Rendering SLS failed", "line 3"]}', 'Rendering SLS failed\nline 3'],
    ['', 'could not begin: it said nothing'],
    ['', 'could not begin: ImportError: no module', 'ImportError: no module'],
    ['Traceback', 'Traceback'],
    ['{"local": "No minions"}', 'No minions'],
  ])('%j is an error in its own words', (text, words, said?: string) => {
    let error: unknown;
    try {
      readStateReturn(text, said);
    } catch (thrown) {
      error = thrown;
    }
    expect(isMetalK8sError(error) && error.code).toBe('STEP_FAILED');
    expect(String(error)).toContain(words);
  });
});
