import { join } from 'node:path';
import { NATIVE_ARCHITECTURE, type RpmPackage } from '../package.ts';
import { systemdScripts } from '../systemd-scripts.ts';

/** The release part that pkgs.k8s.io gives to its packages. */
export const KUBERNETES_RPM_RELEASE = '150500.1.1';

/** Directories with the programs that the packages hold. */
export interface KubernetesPrograms {
  readonly kubeadm: string;
  /** Holds kubelet and kubectl. */
  readonly node: string;
}

/** kubelet, kubeadm and kubectl of a version such as `1.36.3`, as pkgs.k8s.io packages them. */
export function kubernetesPackages(version: string, programs: KubernetesPrograms): readonly RpmPackage[] {
  const common = {
    version,
    release: KUBERNETES_RPM_RELEASE,
    architecture: NATIVE_ARCHITECTURE,
    license: 'Apache-2.0',
    url: 'https://kubernetes.io',
    packager: 'Kubernetes Authors <dev@kubernetes.io>',
  };
  return [
    {
      ...common,
      name: 'kubelet',
      summary: 'Node agent for Kubernetes clusters',
      requires: ['iptables >= 1.4.21', 'kubernetes-cni >= 1.2.0', 'util-linux'],
      files: [
        { kind: 'file', path: '/usr/bin/kubelet', source: join(programs.node, 'kubelet'), mode: 0o755 },
        { kind: 'text', path: '/usr/lib/systemd/system/kubelet.service', content: KUBELET_SERVICE },
        { kind: 'text', path: '/etc/sysconfig/kubelet', content: 'KUBELET_EXTRA_ARGS=\n', configuration: true },
        { kind: 'folder', path: '/var/lib/kubelet' },
        { kind: 'folder', path: '/etc/kubernetes' },
        { kind: 'folder', path: '/etc/kubernetes/manifests' },
      ],
      scripts: systemdScripts('kubelet.service', { restarts: false }),
    },
    {
      ...common,
      name: 'kubeadm',
      summary: 'Command-line utility for administering a Kubernetes cluster',
      requires: ['cri-tools >= 1.30.0'],
      files: [
        { kind: 'file', path: '/usr/bin/kubeadm', source: join(programs.kubeadm, 'kubeadm'), mode: 0o755 },
        { kind: 'folder', path: '/usr/lib/systemd/system/kubelet.service.d' },
        { kind: 'text', path: '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf', content: KUBEADM_DROP_IN },
      ],
    },
    {
      ...common,
      name: 'kubectl',
      summary: 'Command-line utility for interacting with a Kubernetes cluster',
      files: [{ kind: 'file', path: '/usr/bin/kubectl', source: join(programs.node, 'kubectl'), mode: 0o755 }],
    },
  ];
}

/** Restarts for ever, without systemd's limit of starts: kubeadm relies on it before it has written a configuration. */
const KUBELET_SERVICE = `[Unit]
Description=kubelet: The Kubernetes Node Agent
Documentation=https://kubernetes.io/docs/
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=/usr/bin/kubelet
Restart=always
RestartSec=10
StartLimitInterval=0

[Install]
WantedBy=multi-user.target
`;

/** kubeadm documents these names of files and variables, in "The kubelet drop-in file for systemd". */
const KUBEADM_DROP_IN = `[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
# Written by kubeadm init and join.
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
# For the administrator of the machine.
EnvironmentFile=-/etc/sysconfig/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
`;
