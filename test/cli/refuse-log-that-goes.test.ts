import { expect, test } from 'vitest';
import { refuseLogThatGoes } from '../../src/cli/refuse-log-that-goes.ts';

test.each([
  ['/var/lib/metalk8s/reset.log', '/var/lib/metalk8s'],
  ['/srv/metalk8s/reset.log', '/srv/metalk8s'],
  ['/var/log/kubernetes/reset.log', '/var/log/kubernetes'],
  ['/etc/kubernetes/a/b/reset.log', '/etc/kubernetes'],
  ['/root/../var/log/kubernetes//reset.log', '/var/log/kubernetes'],
  ['/var/log/containers/reset.log', '/var/log/containers'],
  ['/var/log/pods', '/var/log/pods'],
  ['/var/cache/dnf/metalk8s-136.0.0-0a1b/reset.log', '/var/cache/dnf/metalk8s-136.0.0-0a1b'],
  ['/opt/cni/bin/calico', '/opt/cni'],
  ['/etc/yum.repos.d/metalk8s-136.0.0.repo', '/etc/yum.repos.d/metalk8s-136.0.0.repo'],
])('no log is taken at %s', (path, goes) => {
  const refuse = () => refuseLogThatGoes(path);
  expect(refuse).toThrow(`the log would go with ${goes}, which is removed`);
  expect(refuse).toThrow(expect.objectContaining({ code: 'USAGE', where: '--log-file' }));
});

test.each([
  undefined,
  '/root/reset.log',
  '/var/log/kubernetes.log',
  '/var/log/kubernetes-reset/reset.log',
  '/etc/metalk8s/reset.log',
  '/var/cache/dnf/reset.log',
])('a log at %s stays', (path) => {
  expect(() => refuseLogThatGoes(path)).not.toThrow();
});
