import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { saltTemplates } from '../../src/product/salt-templates.ts';
import { saltPhases } from '../../src/salt/phases.ts';
import type { SaltPillar } from '../../src/salt/salt-pillar.ts';
import { saltRun } from '../../src/salt/salt-run.ts';
import { clusterNode, workerNode } from '../support/kubernetes/cluster-node.ts';
import { type RenderedState, type Rendering, renderStates } from '../support/salt/render-states.ts';
import { FORMULAS, saltNode } from '../support/salt/salt-node.ts';

let pillars: Readonly<Record<string, SaltPillar>>;
let rendering: Rendering;
let formulas: readonly { readonly name: string; readonly text: string }[];

beforeAll(async () => {
  const templates = await saltTemplates();
  const pillarOf = async (...of: Parameters<typeof saltNode>) => saltRun(await saltNode(...of), templates).pillar;
  pillars = {
    'control plane': await pillarOf(),
    worker: await pillarOf({ archives: [] }, workerNode()),
    'control plane without etcd': await pillarOf({}, clusterNode({ roles: ['control-plane'] })),
    'several archives': await pillarOf({
      archives: ['137.0.0', '136.0.0'].map((version) => ({ version, kind: 'folder', path: `/data/${version}` })),
      packages: [],
    }),
    'another network plugin': await pillarOf({ cni: 'none' }),
    'odd texts': await pillarOf({
      packages: [{ name: 'a: {{ b }} # "c"', version: "{% raw %}'\\" }],
    }),
  };
  rendering = await renderStates(pillars, (line) => process.stderr.write(`${line}\n`));
  formulas = await readFormulas();
}, 1_800_000);

async function readFormulas() {
  const entries = await readdir(FORMULAS, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.map(async (path) => ({ name: path.slice(FORMULAS.length + 1), text: await readFile(path, 'utf8') })),
  );
}

function statesOf(name: string): Readonly<Record<string, RenderedState>> {
  const states = rendering.rendered[name];
  if (states === undefined || Array.isArray(states)) throw new Error(`${name}: ${String(states)}`);
  return states as Readonly<Record<string, RenderedState>>;
}

/** The arguments of a state, such as `mode`. */
function argumentsOf(state: RenderedState | undefined, module: string): Readonly<Record<string, unknown>> {
  const list = (state?.[module] ?? []) as readonly unknown[];
  const { order, ...given } = Object.assign({}, ...list.filter((each) => typeof each === 'object'));
  return given;
}

describe('what real Salt reads in the formulas', () => {
  test('every pillar renders, and every formula has a state for some node', () => {
    const read = Object.keys(pillars).flatMap((name) => Object.values(statesOf(name)).map(({ __sls__ }) => __sls__));
    const leaves = formulas
      .map(({ name }) => name)
      .filter((name) => name.endsWith('.sls') && name !== 'top.sls' && !name.includes('/phases/'))
      .map((name) => name.slice(0, -'.sls'.length).replaceAll('/', '.'));
    expect(new Set(read)).toEqual(new Set(leaves));
  });

  test('every file of the pillar is a state with its source, hash, owner and mode', () => {
    for (const [name, { metalk8s }] of Object.entries(pillars)) {
      const parts = Object.values(metalk8s) as Partial<SaltPillar['metalk8s']['node']>[];
      const placed = parts.flatMap(({ files = [], manifests = [] }) => [
        ...files.map((file) => ({ file, module: 'placed' })),
        ...manifests.map((file) => ({ file, module: 'manifest' })),
      ]);
      expect(placed.length).toBeGreaterThan(10);
      for (const { file, module } of placed) {
        const { sourceHash, source, user, group, mode } = file;
        expect(argumentsOf(statesOf(name)[file.path], module), file.path).toEqual({
          source,
          source_hash: sourceHash,
          user,
          group,
          mode,
        });
      }
    }
  });

  test('directories of a node, the data of etcd among them, have their owners', () => {
    const states = statesOf('control plane');
    expect(argumentsOf(states['/var/lib/etcd'], 'file')).toEqual({ user: 'etcd', group: 'etcd', mode: '0700' });
    expect(argumentsOf(states['user etcd'], 'user')).toMatchObject({
      name: 'etcd',
      home: '/var/lib/etcd',
      // An owner's user of that name, which has another home, keeps it, and the shell.
      unless: [{ fun: 'file.search', path: '/etc/passwd', pattern: '^etcd:([^:]*:){4}(?!/var/lib/etcd:)' }],
    });
    expect(statesOf('worker')['user etcd']).toBeUndefined();
  });

  test('of secrets, nothing but whether they are there, of whom, and for whom', () => {
    const secrets = Object.entries(statesOf('control plane')).filter(([, { __sls__ }]) =>
      __sls__.endsWith('secrets.checked'),
    );
    expect(secrets.length).toBeGreaterThan(40);
    for (const [id, state] of secrets) {
      const { create, replace, source, contents } = argumentsOf(state, 'file');
      if (id.startsWith('check ')) expect(state.file).toContain('exists');
      else expect({ create, replace, source, contents }, id).toMatchObject({ create: false, replace: false });
    }
  });

  test('packages come from our repository alone, in the versions that are asked for', () => {
    const states = statesOf('control plane');
    const ours = { fromrepo: 'metalk8s-136.0.0', refresh: false, setopt: 'install_weak_deps=False' };
    expect(argumentsOf(states['packages in one version'], 'pkg')).toMatchObject({
      ...ours,
      pkgs: [{ kubelet: '1.36.3-150500.1.1' }],
    });
    // Salt's own holds ask every repository of the host, be it there or not.
    for (const state of Object.values(states)) expect(argumentsOf(state, 'pkg').hold).toBeUndefined();
    expect(argumentsOf(states['/etc/dnf/plugins/versionlock.list'], 'held')).toMatchObject({
      configuration: '/etc/dnf/plugins/versionlock.conf',
      pkgs: [{ kubelet: '1.36.3-150500.1.1' }],
    });
    expect(argumentsOf(states['packages in any version'], 'pkg')).toMatchObject({
      ...ours,
      pkgs: ['python3-dnf-plugin-versionlock', 'socat'],
    });
  });

  test('a service has read every file that is placed for it, also one that a killed run placed', () => {
    const states = statesOf('control plane');
    const { metalk8s } = pillars['control plane'] as SaltPillar;
    for (const [unit, { files }, action] of [
      ['containerd.service', metalk8s.containerd, undefined],
      ['kubelet.service', metalk8s.kubelet, undefined],
      ['NetworkManager.service', metalk8s.networkManager, 'reload'],
    ] as const) {
      expect(argumentsOf(states[unit], 'unit'), unit).toMatchObject({
        files: files.map(({ path }) => path),
        ...(action && { action }),
      });
    }
    expect(statesOf('another network plugin')['NetworkManager.service']).toBeUndefined();
  });

  test('texts stay texts, whatever is in them', () => {
    expect(argumentsOf(statesOf('odd texts')['packages in one version'], 'pkg').pkgs).toEqual([
      { 'a: {{ b }} # "c"': "{% raw %}'\\" },
    ]);
  });

  test('each archive has its mount', () => {
    const states = Object.keys(statesOf('several archives'));
    expect(states.filter((id) => id.endsWith('.mount') && !id.startsWith('/'))).toEqual([
      'srv-metalk8s-137.0.0.mount',
      'srv-metalk8s-136.0.0.mount',
    ]);
  });

  test('the top file gives every node all phases in their order', () => {
    expect(rendering.top).toEqual({ base: saltPhases.map((phase) => `metalk8s.phases.${phase}`) });
  });
});

describe('the tree', () => {
  test('supposes neither a local run nor where its files lie', () => {
    for (const { name, text } of formulas) {
      expect(text, name).not.toMatch(/file:\/\/|\/var\/lib\/metalk8s|--local|salt-call|cachedir|file_roots/);
    }
  });

  test('makes no content: no template, no contents, no text that is put together', () => {
    for (const { name, text } of formulas.filter((each) => each.name.endsWith('.sls'))) {
      expect(text, name).not.toMatch(/\btemplate:|\bcontents(?:_pillar)?:|file\.(?:append|replace|blockreplace|line)/);
    }
  });

  test('the reference lists every formula with its phase', async () => {
    const reference = await readFile(join(FORMULAS, '../../docs/reference/salt.md'), 'utf8');
    const rows = [...reference.matchAll(/^\| (\w+) \| `(\w[\w./-]+)` \|/gm)].map(
      ([, phase, name]) => `${phase} ${name}`,
    );
    const phases = formulas.filter(({ name }) => name.includes('/phases/'));
    const included = saltPhases.flatMap((phase) => {
      const file = phases.find(({ name }) => name.endsWith(`/${phase}.sls`));
      const { include } = parse(file?.text ?? '') as { include: readonly string[] };
      return include.map((state) => `${phase} ${state.replace('metalk8s.', '').replaceAll('.', '/')}`);
    });
    expect(phases).toHaveLength(saltPhases.length);
    expect(rows).toEqual(included);
  });
});
