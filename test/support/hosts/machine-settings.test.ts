import { expect, test } from 'vitest';
import { neededSettings } from './machine-settings.ts';

const CONNTRACK = 'net/netfilter/nf_conntrack_max';
const INSTANCES = 'fs/inotify/max_user_instances';

test.each([
  { cores: 2, maximum: '131072' },
  { cores: 4, maximum: '131072' },
  { cores: 8, maximum: '262144' },
])('with $cores cores, kube-proxy finds the maximum of connections that it would set', ({ cores, maximum }) => {
  expect(neededSettings({ [CONNTRACK]: '65536', [INSTANCES]: '128' }, cores)[CONNTRACK]).toBe(maximum);
});

test('a kernel without connection tracking has no such setting', () => {
  expect(neededSettings({ [INSTANCES]: '128' }, 2)).toEqual({ [INSTANCES]: '8192' });
});

test('inotify instances are raised, never lowered', () => {
  expect(neededSettings({ [INSTANCES]: '65536' }, 2)[INSTANCES]).toBe('65536');
});
