import { expect, test } from 'vitest';
import type { HostState } from './host-state.ts';
import { wholeState } from './whole-state.ts';

const STATE: HostState = {
  files: { '/etc/plain': 'f 644 0:0' },
  pki: { certificates: { '/ca.crt': {} as never }, keys: { '/ca.key': {} as never } },
  lists: { rules: ['a rule'], sets: ['a set'] },
  objects: { 'ConfigMap/a': [{}] },
};

test('a state of which all was seen is taken as it is', () => {
  expect(wholeState(STATE)).toBe(STATE);
});

test.each<[string, Partial<HostState>]>([
  ['files', { files: {} }],
  ['certificates', { pki: { ...STATE.pki, certificates: {} } }],
  ['keys', { pki: { ...STATE.pki, keys: {} } }],
  ['rules, sets', { lists: { rules: [], sets: [] } }],
  ['objects', { objects: {} }],
])('one without %s says nothing', (parts, less) => {
  expect(() => wholeState({ ...STATE, ...less })).toThrow(`nothing was seen of: ${parts}`);
});
