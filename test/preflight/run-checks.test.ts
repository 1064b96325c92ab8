import { expect, test } from 'vitest';
import { preflightQuestions } from '../../src/facts/preflight-questions.ts';
import { allChecks, checkNames } from '../../src/preflight/all-checks.ts';
import { runChecks } from '../../src/preflight/run-checks.ts';
import { healthySubject } from '../support/preflight/healthy-host.ts';
import { failingCases } from './failing-cases.ts';

const none: ReadonlySet<string> = new Set();

test('nothing is found on a healthy host', () => {
  expect(runChecks(healthySubject(), none)).toEqual([]);
});

test('nothing is found on a healthy host without archive, as a worker, or without a network plugin', () => {
  const subjects = [
    healthySubject((subject) => {
      delete (subject as { archive?: unknown }).archive;
      subject.room = [];
    }),
    healthySubject((subject) => {
      subject.roles = ['workload'];
    }),
    healthySubject(({ configuration, host }) => {
      configuration.networks.cni = 'none';
      host.kernel.modules.vxlan = 'missing';
      host.kernel.settings['net.ipv4.conf.all.rp_filter'] = '2';
    }),
  ];
  for (const subject of subjects) expect(runChecks(subject, none)).toEqual([]);
});

test.each(failingCases)('$check: found when $when', ({ check, change, found, severity = 'error' }) => {
  const findings = runChecks(healthySubject(change), none);
  expect(findings.map((each) => each.found)).toEqual(found);
  expect(findings[0]).toMatchObject({ check, severity, host: expect.any(String), ignored: false });
});

test('what is installed, and does in any version, may be excluded and locked: dnf is not asked for it', () => {
  const kept = healthySubject(({ host }) => {
    host.packages.installed = [...(host.packages.installed ?? []), { name: 'socat', version: '1.7.3-1.el9' }];
    host.packages.excluded = ['socat'];
    host.packages.versionLocks = ['socat-0:1.7.3-1.el9.*'];
  });
  expect(runChecks(kept, none)).toEqual([]);
});

test.each(['podman', 'buildah', 'podman-docker'])('%s stays where it does without the package runc', (name) => {
  const withCrun = healthySubject(({ host }) => {
    const added = ['crun', name].map((each) => ({ name: each, version: '1-1.el9' }));
    host.packages.installed = [...(host.packages.installed ?? []), ...added];
  });
  expect(runChecks(withCrun, none)).toEqual([]);
});

test('there are at least 50 checks, each with a case in which it fails', () => {
  expect(checkNames.length).toBeGreaterThanOrEqual(50);
  expect(new Set(checkNames).size).toBe(checkNames.length);
  expect(new Set(failingCases.map(({ check }) => check))).toEqual(new Set(checkNames));
});

test('each has a name that can be typed, and says why it matters and how to mend it', () => {
  for (const { name, title, why, mend } of allChecks) {
    expect(name).toMatch(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
    for (const text of [title, why]) expect(text, name).not.toMatch(/\.$/);
    expect(mend, name).toMatch(/^[A-Z].*[.)"]$/);
  }
});

test('where a run of ours was begun, nothing that it may have left is found', () => {
  const fresh = new Set(allChecks.filter(({ onlyFresh }) => onlyFresh).map(({ name }) => name));
  for (const { check, change } of failingCases.filter((each) => fresh.has(each.check))) {
    const subject = healthySubject((draft) => {
      change(draft);
      draft.ours = true;
    });
    expect(runChecks(subject, none), check).toEqual([]);
  }
  expect(fresh.size).toBeGreaterThan(10);
});

test('everything that checks look up is asked about', () => {
  const asked = { ...preflightQuestions };
  const texts = failingCases.flatMap(({ change }) => {
    const { host } = healthySubject(change);
    return [
      ...Object.keys(host.kernel.settings).map((name) => asked.settings.includes(name as never)),
      ...Object.keys(host.kernel.modules).map((name) => asked.modules.includes(name as never)),
      ...Object.keys(host.kernel.configuration ?? {}).map((name) => asked.kernelOptions.includes(name as never)),
      ...Object.keys(host.programs).map((name) => asked.programs.includes(name as never)),
      ...host.units.map(({ name }) => asked.units.includes(name as never)),
      ...host.fileSystems.map(({ path }) => asked.fileSystems.includes(path as never)),
    ];
  });
  expect(texts).not.toContain(false);
  const places = healthySubject().room.map(({ path }) => path);
  expect(asked.fileSystems).toEqual(expect.arrayContaining(places));
});

test('an error that is ignored stops nothing; what would destroy something cannot be ignored', () => {
  const subject = healthySubject(({ host }) => {
    host.cpus = 1;
    host.cgroup.controllers = [];
    host.leftovers.push({ path: '/var/lib/etcd', what: 'folder with 1 entry' });
  });
  const findings = runChecks(subject, new Set(['cpus', 'etcd-data']));
  expect(findings.map(({ check, ignored, cannotBeIgnored }) => [check, ignored, cannotBeIgnored !== null])).toEqual([
    ['cpus', true, false],
    ['cgroup-controllers', false, false],
    ['etcd-data', false, true],
  ]);
  expect(allChecks.filter(({ cannotBeIgnored }) => cannotBeIgnored).map(({ name }) => name)).toEqual([
    'etcd-data',
    'cluster-authority',
  ]);
});
