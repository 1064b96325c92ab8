import { lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { sha256Of } from '../../src/disc/sha256-of.ts';
import { renderYaml } from '../../src/kubernetes/render-yaml.ts';
import { binaries } from '../support/release/binaries.ts';
import { FORMULAS } from '../support/salt/salt-node.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

let python: string;

beforeAll(async () => {
  const salt = await binaries({ name: 'salt' }, (line) => process.stderr.write(`${line}\n`));
  python = join(salt, 'opt/saltstack/salt/bin/python3');
}, 1_800_000);

async function runScript(name: string, input: unknown): Promise<{ answer: unknown; stderr: string }> {
  const script = join(import.meta.dirname, '../support/salt', name);
  const { stdout, stderr } = await execa(python, ['-B', script], { input: JSON.stringify(input) });
  return { answer: JSON.parse(stdout), stderr };
}

async function inRealSalt(directory: string, states: readonly unknown[]) {
  const settings = {
    id: 'placing',
    file_client: 'local',
    file_roots: { base: [join(directory, 'files')] },
    states_dirs: [join(FORMULAS, '_states')],
    root_dir: directory,
    enable_fqdns_grains: false,
  };
  await writeFile(join(directory, 'minion'), renderYaml(settings));
  return runScript('run_states.py', { configuration: directory, states });
}

test('held.versions: each package is locked once, to its version; what the owner has locked or excluded stays', () =>
  inTemporaryDirectory(async (directory) => {
    const [name, configuration] = [join(directory, 'versionlock.list'), join(directory, 'versionlock.conf')];
    const owners = '# Added lock on Sat Nov 21 2026\nvim-enhanced-2:8.2.2637-20.el9.*\n!kubelet-0:1.35.0-1.*\n';
    await writeFile(name, `${owners}kubelet-0:1.35.9-150500.1.1.*\n`);
    await writeFile(
      join(directory, '.versionlock.list.metalk8s-new'),
      '# Added lock on Sat Nov 21 2026\nvim-enh'.repeat(9),
    );
    const pkgs = [{ kubelet: '1.36.3-150500.1.1' }, { 'containerd.io': '1:2.2.0-1.el9' }];
    const state = (more = {}) => ({ fun: 'held.versions', kwargs: { name, pkgs, configuration, ...more } });
    const { answer } = await inRealSalt(directory, [state({ test: true }), state(), state()]);
    expect(answer).toMatchObject([{ result: null }, { result: true }, { result: true, changes: {} }]);
    const locks = 'kubelet-0:1.36.3-150500.1.1.*\ncontainerd.io-1:2.2.0-1.el9.*\n';
    expect(await readFile(name, 'utf8')).toBe(`${owners}${locks}`);
    // What a killed run left was written over.
    expect((await readdir(directory)).filter((each) => each.includes('versionlock.list'))).toEqual([
      'versionlock.list',
    ]);
  }));

test('held.versions: the list is where the plugin’s configuration says', () =>
  inTemporaryDirectory(async (directory) => {
    const [name, site] = [join(directory, 'versionlock.list'), join(directory, 'site.list')];
    const configurations = {
      other: '[other]\nlocklist=/nowhere/list\n[main]\nenabled = 1\n',
      site: `[main]\nlocklist=/nowhere/list\nlocklist = ${site}  \n`,
      relative: '[main]\nlocklist = site.list\n',
    };
    const states = [];
    for (const [file, text] of Object.entries(configurations)) {
      const configuration = join(directory, file);
      await writeFile(configuration, text);
      states.push({ fun: 'held.versions', kwargs: { name, pkgs: [{ [file]: '1-1' }], configuration } });
    }
    const { answer, stderr } = await inRealSalt(directory, states);
    expect(answer, stderr).toMatchObject([
      { result: true },
      { result: true },
      { result: false, comment: expect.stringContaining("is 'site.list', which is no absolute path") },
    ]);
    expect(await readFile(name, 'utf8')).toBe('other-0:1-1.*\n');
    expect(await readFile(site, 'utf8')).toBe('site-0:1-1.*\n');
  }));

test('placed.file: a link is replaced, whatever it leads to, and that stays', () =>
  inTemporaryDirectory(async (directory) => {
    await mkdir(join(directory, 'files'));
    await writeFile(join(directory, 'files/good'), 'content\n');
    await writeFile(join(directory, 'elsewhere'), 'of the owner\n');
    const owner = { user: userInfo().username, group: 'root', mode: '0640' };
    const source = { source: 'salt://good', source_hash: `sha256=${sha256Of('content\n')}` };
    const state = (name: string, more = {}) => ({ fun: 'placed.file', kwargs: { name, ...source, ...owner, ...more } });
    const links = { 'to-a-file': 'elsewhere', 'to-nothing': 'nowhere', 'to-our-bytes': 'files/good' };
    const names = Object.keys(links).map((link) => join(directory, link));
    for (const [link, target] of Object.entries(links)) await symlink(target, join(directory, link));
    const states = names.flatMap((name) => [state(name, { test: true }), state(name), state(name)]);
    const { answer, stderr } = await inRealSalt(directory, states);
    const once = [{ result: null }, { result: true }, { result: true, changes: {} }];
    expect(answer, stderr).toMatchObject([...once, ...once, ...once]);
    for (const name of names) {
      const placed = await lstat(name);
      expect([placed.isFile(), placed.mode & 0o777]).toEqual([true, 0o640]);
      expect(await readFile(name, 'utf8')).toBe('content\n');
    }
    expect(await readFile(join(directory, 'elsewhere'), 'utf8')).toBe('of the owner\n');
    expect(await readdir(directory)).not.toContain('nowhere');
  }));

test('placed.file: in real Salt, only bytes that the hash is of, without a word of warning', () =>
  inTemporaryDirectory(async (directory) => {
    await mkdir(join(directory, 'files'));
    await writeFile(join(directory, 'files/good'), 'content\n');
    await writeFile(join(directory, 'files/bad'), 'another\n');
    const target = join(directory, 'target');
    const state = (source: string, more = {}) => ({
      fun: 'placed.file',
      kwargs: {
        name: target,
        source: `salt://${source}`,
        source_hash: `sha256=${sha256Of('content\n')}`,
        user: userInfo().username,
        group: 'root',
        mode: '0640',
        ...more,
      },
    });
    const states = [state('good', { test: true }), state('good'), state('good'), state('bad'), state('missing')];
    const { answer, stderr } = await inRealSalt(directory, states);
    expect(answer).toMatchObject([
      { result: null },
      { result: true, changes: { mode: '0640' } },
      { result: true, changes: {} },
      { result: false, comment: expect.stringContaining('salt://bad has not the hash'), changes: {} },
      { result: false, comment: 'salt://missing is not there', changes: {} },
    ]);
    expect(await readFile(target, 'utf8')).toBe('content\n');
    expect((await stat(target)).mode & 0o777).toBe(0o640);
    expect(stderr).not.toContain('source_hash');
  }));

describe('unit.current', () => {
  /** As `systemctl show --timestamp=us` has it; before version 251 in whole seconds. */
  function shown(microseconds: bigint, { whole = false } = {}): string {
    const [day = '', clock = ''] = new Date(Number(microseconds / 1000n)).toISOString().split(/[TZ]/);
    const fraction = whole ? '' : `.${String(microseconds % 1_000_000n).padStart(6, '0')}`;
    return `Sat ${day} ${clock.slice(0, 8)}${fraction} UTC`;
  }

  test('a service is restarted for what changed since it read it, and not again', () =>
    inTemporaryDirectory(async (directory) => {
      const file = join(directory, 'settings.conf');
      await writeFile(file, 'old');
      const changed = (await stat(file, { bigint: true })).ctimeNs / 1000n;
      const second = (changed / 1_000_000n) * 1_000_000n;
      const active = (ExecMainStartTimestamp: string) => ({ ActiveState: 'active', ExecMainStartTimestamp });
      const named = { name: 'x.service', files: [join(directory, 'missing'), file] };
      const restarted = { result: true, changed: [file], done: ['restart x.service'] };
      const nothing = { result: true, changed: [], done: [] };
      const cases: readonly [title: string, call: object, outcome: object][] = [
        ['started before', { shown: active(shown(changed - 1n)) }, restarted],
        ['started in the same microsecond', { shown: active(shown(changed)) }, restarted],
        ['started after', { shown: active(shown(changed + 1n)) }, nothing],
        ['started in the same second', { shown: active(shown(second, { whole: true })) }, restarted],
        ['started in the next', { shown: active(shown(second + 1_000_000n, { whole: true })) }, nothing],
        ['does not run', { shown: { ActiveState: 'inactive', ExecMainStartTimestamp: '' } }, nothing],
        ['nobody tells of', { shown: null }, { result: false, changed: [], done: [] }],
        ['is not there', { shown: {} }, nothing],
        ['looked at', { shown: active(shown(0n)), test: true }, { result: null, changed: [file], done: [] }],
        [
          'does not start',
          { shown: active(shown(0n)), works: false },
          { result: false, changed: [], done: ['restart x.service'] },
        ],
        [
          'is reloaded, by the time when it was last',
          {
            arguments: { ...named, action: 'reload' },
            shown: { ...active(shown(changed + 1n)), StateChangeTimestamp: shown(changed - 1n) },
          },
          { result: true, changed: [file], done: ['reload x.service'] },
        ],
        [
          'was reloaded since',
          {
            arguments: { ...named, action: 'reload' },
            shown: { ...active(shown(0n)), StateChangeTimestamp: shown(changed + 1n) },
          },
          nothing,
        ],
      ];
      const asked = { module: join(FORMULAS, '_states/unit.py'), now: String(changed * 1000n + 1_000_000_000n) };
      const calls = cases.map(([, call]) => ({ arguments: named, ...call }));
      const { answer } = await runScript('call_state.py', { ...asked, calls });
      const outcomes = (answer as readonly object[]).map((outcome, index) => [cases[index]?.[0], outcome]);
      expect(outcomes).toEqual(cases.map(([title, , outcome]) => [title, outcome]));
      // The clock was set back since the file was written: whenever the service starts, it is before that.
      const later = { module: asked.module, now: String(changed * 1000n - 1_000_000_000n) };
      const call = { arguments: named, shown: active(shown(changed - 2_000_000n)) };
      expect((await runScript('call_state.py', { ...later, calls: [call] })).answer).toEqual([nothing]);
    }));
});
