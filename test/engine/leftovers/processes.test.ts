import { expect, test } from 'vitest';
import {
  isOfPods,
  isOurAgent,
  isOurDnf,
  isOurSalt,
  processesOf,
  readProcesses,
} from '../../../src/engine/leftovers/processes.ts';
import { actingHost } from '../../support/engine/acting-host.ts';

const TEXT = `    1 0::/init.scope /sbin/init
  101 0::/system.slice/containerd.service /usr/bin/containerd-shim-runc-v2 -namespace k8s.io -id 3f -address /run/containerd/containerd.sock
  102 12:pids:/kubepods/burstable/pod1/3f,1:name=systemd:/kubepods/burstable/pod1/3f etcd --name=cp1
  103 0::/kubepods.slice/kubepods-besteffort.slice/cri-containerd-3f.scope /pause
  104 0::/system.slice/containerd.service /usr/bin/containerd-shim-runc-v2 -namespace moby -id 4a -address /run/containerd/containerd.sock
  105 0::/user.slice /opt/saltstack/salt/bin/python3.14 /opt/saltstack/salt/salt-call --config-dir=/etc/metalk8s/salt --local state.apply
  106 0::/user.slice /usr/bin/salt-call --local state.apply
  107 0::/user.slice /usr/bin/python3 /usr/bin/dnf -y --disablerepo=* --enablerepo=metalk8s-136.0.0 install kubelet
  108 0::/user.slice /usr/bin/python3 /usr/bin/dnf upgrade
  112 0::/user.slice /usr/bin/python3 /usr/bin/dnf remove --setopt=clean_requirements_on_remove=False -- kubelet-0:1-1.x86_64
  109 0::/user.slice gpg-agent --homedir /var/cache/dnf/metalk8s-136.0.0-0123456789abcdef/pubring --use-standard-socket --daemon
  110 0::/user.slice gpg-agent --homedir /root/.gnupg --daemon
  140 0::/user.slice gpg-agent --homedir /var/cache/dnf/baseos-0123456789abcdef/pubring --use-standard-socket --daemon
  111 0::/user.slice vi notes about kubepods
  113 11:cpu,cpuacct:/kubepods/besteffort/pod2/4b,1:name=systemd:/kubepods/besteffort/pod2/4b calico-node -felix
  114 0::/docker/5c/kubelet/kubepods/burstable/pod3/6d kube-apiserver of a cluster in a container
  116 0::/docker/5c/system.slice/containerd.service /usr/local/bin/containerd-shim-runc-v2 -namespace k8s.io -id 6d -address /run/containerd/containerd.sock
  117 1:name=systemd:/system.slice/docker-5c.scope/system.slice/containerd.service /usr/local/bin/containerd-shim-runc-v2 -namespace k8s.io -id 6d -address /run/containerd/containerd.sock
  118 11:cpu,cpuacct:/,1:name=systemd:/runtime.slice/containerd.service /usr/bin/containerd-shim-runc-v2 -namespace k8s.io -id 3f -address /run/containerd/containerd.sock
  115 11:cpu,cpuacct:/docker/5c/kubelet/kubepods/pod3/6d,1:name=systemd:/machine.slice/libpod-5c.scope/kubelet.slice/kubelet-kubepods.slice/x etcd
`;

test('tells whose processes are ours', () => {
  const processes = readProcesses(TEXT);
  expect(processes).toHaveLength(20);
  const pids = (isMeant: (each: (typeof processes)[number]) => boolean) =>
    processes.filter(isMeant).map(({ pid }) => pid);
  expect(pids(isOfPods)).toEqual([101, 102, 103, 113, 118]);
  expect(pids(isOurSalt)).toEqual([105]);
  expect(pids(isOurDnf)).toEqual([107, 112]);
  expect(pids(isOurAgent)).toEqual([109]);
});

test('ps gives whole cgroups: it cuts a column that is not the last off at its usual width', async () => {
  const { context, commands } = actingHost('/', { run: () => '' });
  await processesOf(context.host);
  expect(commands).toEqual(['ps -ww -e -o pid=,cgroup:1024=,args=']);
});
