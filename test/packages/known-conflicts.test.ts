import { expect, test } from 'vitest';
import { knownConflicts } from '../../src/packages/known-conflicts.ts';
import { containerdIo } from '../support/release/rpms/packages/containerd.ts';

test('what containerd.io conflicts with or replaces is known to preflight', () => {
  const { name, conflicts = [], obsoletes = [] } = containerdIo('2.2.0', { containerd: '/x', debian: '/y' });
  const known = knownConflicts.filter((each) => each.package === name).map(({ host }) => host);
  expect(known).toEqual(expect.arrayContaining([...conflicts, ...obsoletes]));
});

test('each is named once, with a reason and a remedy', () => {
  const pairs = knownConflicts.map((each) => `${each.package} ${each.host}`);
  expect(new Set(pairs).size).toBe(pairs.length);
  for (const { why, remedy, host } of knownConflicts) {
    expect(why).toContain('runc');
    expect(remedy).toContain(`\`dnf remove ${host}\``);
    expect(remedy).toMatch(/^[A-Z].*\.$/);
  }
});
