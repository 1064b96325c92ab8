import { expect, test } from 'vitest';
import { leftBehind } from './bare-host.ts';

const BEFORE = ['account root:x:0:0', 'entry /etc/passwd f 644 0:0 ', 'rule -A INPUT -j ACCEPT'];

test.each([
  ['account etcd:x:998:998'],
  ['address vxlan.calico UNKNOWN 10.233.0.0/32'],
  ['cgroup /sys/fs/cgroup/unified/kubepods.slice'],
  ['entry /etc/yum.repos.d/metalk8s-136.0.0.repo f 644 0:0 '],
  ['entry /var/cache/dnf/metalk8s-136.0.0.solv f 644 0:0 '],
  ['entry /root/.kube/config f 600 0:0 '],
  ['content 00 /root/.kube/config'],
  ['entry /var/lib/metalk8s d 755 0:0 '],
  ['link vxlan.calico'],
  ['mount /srv/metalk8s/136.0.0'],
  ['package kubelet-1.36.3-150500.1.1.x86_64'],
  ['process root gpg-agent --homedir /var/cache/dnf/metalk8s-136.0.0'],
  ['rule -A KUBE-FIREWALL -j DROP'],
  ['set cali40s:0'],
  ['setting net.ipv4.ip_forward = 1'],
  ['unit kubelet.service enabled'],
])('it is seen that this was left behind: %s', (line) => {
  expect(leftBehind(BEFORE, [...BEFORE, line])).toEqual([`+ ${line}`]);
});

test('what was the host’s own and is gone is seen as well; what is excused is not', () => {
  expect(leftBehind(BEFORE, BEFORE.slice(0, 2))).toEqual(['- rule -A INPUT -j ACCEPT']);
  const excused = [
    'entry /var/log/dnf.log f 644 0:0 ',
    'entry /root/.kube d 700 0:0 ',
    'content 00  /root/.kube/cache/a',
    'setting kernel.panic = 10',
  ];
  expect(leftBehind(BEFORE, [...BEFORE, ...excused])).toEqual([]);
});

test.each(['kernel.panic', 'kernel.panic_on_oops', 'vm.overcommit_memory', 'vm.panic_on_oom'])(
  'on a host that is alone on its machine, it is seen that %s was left as it is not',
  (name) => {
    const [before, after] = [[`setting ${name} = 0`], [`setting ${name} = 1`]];
    expect(leftBehind(before, after, { alone: true })).toEqual([`- setting ${name} = 0`, `+ setting ${name} = 1`]);
    expect(leftBehind(before, after)).toEqual([]);
  },
);
