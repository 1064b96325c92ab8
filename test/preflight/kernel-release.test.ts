import { expect, test } from 'vitest';
import { isOlder, readKernelRelease } from '../../src/preflight/kernel-release.ts';
import { runChecks } from '../../src/preflight/run-checks.ts';
import { healthySubject } from '../support/preflight/healthy-host.ts';

test.each([
  ['5.14.0-570.12.1.el9_6.x86_64', [5, 14, 0, 570, 12, 1], 9],
  ['4.18.0-553.el8_10.x86_64', [4, 18, 0, 553], 8],
  ['6.1.0-28-amd64', [6, 1, 0, 28], undefined],
  ['6.18.5', [6, 18, 5], undefined],
])('%s', (text, numbers, enterpriseLinux) => {
  expect(readKernelRelease(text)).toEqual({ numbers, enterpriseLinux });
});

test.each(['', 'custom', '5', 'x.y.z'])('%j is no release', (text) => {
  expect(readKernelRelease(text)).toBeUndefined();
});

test('numbers are compared as numbers, missing ones as 0', () => {
  const release = { numbers: [4, 18, 0, 80], enterpriseLinux: 8 };
  expect(isOlder(release, [4, 18, 0, 193])).toBe(true);
  expect(isOlder(release, [4, 18, 0, 80])).toBe(false);
  expect(isOlder(release, [4, 18, 0, 80, 1])).toBe(true);
  expect(isOlder(release, [4, 9])).toBe(false);
});

test.each([
  ['3.10.0-957.21.3.el7.x86_64', '', ['kernel-version', 'kernel-memory-accounting']],
  ['3.10.0-1062.4.1.el7.x86_64', '', ['kernel-version']],
  ['3.10.0-957.21.3.el7.x86_64', 'ro cgroup.memory=nosocket,nokmem quiet', ['kernel-version']],
  ['4.18.0-80.el8.x86_64', '', ['kernel-memory-accounting']],
  ['4.18.0-240.el8.x86_64', '', []],
  ['4.18.0-80.el8.x86_64', 'cgroup.memory=nokmem', []],
  ['4.19.0-27-amd64', '', []],
])('kernel %s started with %j: %j', (release, commandLine, checks) => {
  const subject = healthySubject(({ host }) => Object.assign(host.kernel, { release, commandLine }));
  expect(runChecks(subject, new Set()).map(({ check }) => check)).toEqual(checks);
});
