import { expect, test } from 'vitest';
import { versionLockList } from '../../src/packages/version-lock-list.ts';

const PACKAGED = '/etc/dnf/plugins/versionlock.list';

/** What libdnf 0.69 makes of the same, where it reads it at all. */
test.each([
  ['', PACKAGED],
  ['[main]\nenabled = 1\n', PACKAGED],
  ['[main]\nenabled = 1\nlocklist = /etc/dnf/site.list  \n', '/etc/dnf/site.list'],
  ['[main]\nlocklist=/a\nlocklist=/b\n', '/b'],
  ['[main]\nlocklist=/with a space # and this\n', '/with a space # and this'],
  ['[other]\nlocklist=/x\n[main]\nenabled=1\n', PACKAGED],
  ['[main]\n#locklist=/x\n;locklist=/y\n', PACKAGED],
])('%j: %s', (configuration, list) => {
  expect(versionLockList(configuration)).toBe(list);
});
