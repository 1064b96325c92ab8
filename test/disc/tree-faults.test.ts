import { expect, test } from 'vitest';
import { faultText } from '../../src/disc/fault.ts';
import { type TreeEntry, treeFaults } from '../../src/disc/tree-faults.ts';

const sums = ['cli/bin/metalk8s.js', 'images/oci-layout', 'metalk8s', 'runtime/bin/node'].map((path) => ({
  path,
  sha256: '0'.repeat(64),
}));
const good: readonly TreeEntry[] = [
  ...['cli', 'cli/bin', 'images', 'runtime', 'runtime/bin'].map((path) => entry(path, 'folder', 0o555)),
  entry('SHA256SUMS', 'file', 0o444),
  entry('SHA256SUMS.asc', 'file', 0o444),
  entry('cli/bin/metalk8s.js', 'file', 0o444),
  entry('images/oci-layout', 'file', 0o444),
  entry('metalk8s', 'file', 0o555),
  entry('runtime/bin/node', 'file', 0o555),
];

function entry(path: string, type: TreeEntry['type'], mode: number, more: Partial<TreeEntry> = {}): TreeEntry {
  return { path, type, mode, size: 1, ...more };
}

test('a tree as it was made has no faults', () => {
  expect(treeFaults(good, sums)).toEqual([]);
});

test.each([
  ['a copy for its owner alone', (mode: number, type: string) => (type === 'folder' ? 0o700 : mode & 0o700)],
  ['a copy that its owner may write to', (mode: number) => mode | 0o200],
  ['folders that inherited a group', (mode: number, type: string) => (type === 'folder' ? mode | 0o2000 : mode)],
])('nor has %s', (_what, modeOf) => {
  const entries = good.map((one) => ({ ...one, mode: modeOf(one.mode, one.type) }));
  expect(treeFaults(entries, sums)).toEqual([]);
});

test('a list that is not signed has no signature', () => {
  expect(treeFaults(without('SHA256SUMS.asc'), sums)).toEqual([]);
});

const layout = 'images/oci-layout';
test.each([
  ['a missing file', without(layout), [`${layout}: missing`]],
  ['a missing list', without('SHA256SUMS'), ['SHA256SUMS: missing']],
  [
    'a renamed file',
    with_(layout, { path: 'images/OCI-layout' }),
    ['images/OCI-layout: an extra file', `${layout}: missing`],
  ],
  ['an extra file', [...good, entry('cli/x', 'file', 0o444)], ['cli/x: an extra file']],
  ['a hidden file', [...good, entry('.x', 'file', 0o444)], ['.x: an extra file']],
  ['a name that shows nothing', [...good, entry('cli/\u202ex', 'file', 0o444)], ['"cli/\u202ex": an extra file']],
  ['an extra folder', [...good, entry('x', 'folder', 0o555)], ['x: an extra folder']],
  ['a folder of other case', [...good, entry('CLI', 'folder', 0o555)], ['CLI: an extra folder']],
  ['a link', with_(layout, { type: 'link' }), [`${layout}: a symbolic link, which no archive has`]],
  ['a link as folder', with_('cli', { type: 'link' }), ['cli: a symbolic link, which no archive has']],
  ['an extra link', [...good, entry('x', 'link', 0o777)], ['x: a symbolic link, which no archive has']],
  ['a device', with_(layout, { type: 'special' }), [`${layout}: a device, pipe or socket, which no archive has`]],
  [
    'a hard link',
    with_(layout, { namesElsewhere: 1 }),
    [`${layout}: a hard link: the file has a name elsewhere, and can be changed by that`],
  ],
  ['a folder as file', with_(layout, { type: 'folder' }), [`${layout}: a folder where a file belongs`]],
  ['a file as folder', with_('cli', { type: 'file' }), ['cli: a file where a folder belongs']],
  ['a set-user-ID bit', with_('metalk8s', { mode: 0o4555 }), ['metalk8s: mode 4555 lets it run as someone else']],
  ['a set-group-ID bit', with_(layout, { mode: 0o2444 }), [`${layout}: mode 2444 lets it run as someone else`]],
  [
    'a file for everyone',
    with_(layout, { mode: 0o446 }),
    [`${layout}: mode 0446 lets others than its owner change it`],
  ],
  ['a file for a group', with_(layout, { mode: 0o464 }), [`${layout}: mode 0464 lets others than its owner change it`]],
  ['a folder for everyone', with_('cli', { mode: 0o777 }), ['cli: mode 0777 lets others than its owner change it']],
  [
    'a sticky folder for everyone',
    with_('cli', { mode: 0o1777 }),
    ['cli: mode 1777 lets others than its owner change it'],
  ],
  ['a program that is none', with_(layout, { mode: 0o544 }), [`${layout}: mode 0544: executable, and should not be`]],
  [
    'a list that is one',
    with_('SHA256SUMS', { mode: 0o555 }),
    ['SHA256SUMS: mode 0555: executable, and should not be'],
  ],
  ['a launcher that cannot be started', with_('metalk8s', { mode: 0o444 }), ['metalk8s: mode 0444: not executable']],
])('%s', (_what, entries, faults) => {
  expect(treeFaults(entries, sums).map(faultText)).toEqual(faults);
});

test('everything is told at once, by path', () => {
  const entries = [...without(layout), entry('b', 'file', 0o444), entry('a', 'link', 0o777)];
  expect(treeFaults(entries, sums).map(({ path }) => path)).toEqual(['a', 'b', layout]);
});

function without(path: string): TreeEntry[] {
  return good.filter((one) => one.path !== path);
}

function with_(path: string, change: Partial<TreeEntry>): TreeEntry[] {
  return good.map((one) => (one.path === path ? { ...one, ...change } : one));
}
