import {
  clusterConfiguration,
  initConfiguration,
  kubeletConfiguration,
  kubeProxyConfiguration,
  type OracleConfiguration,
} from './configuration.ts';

const PATCHES = '/root/patches';

/** Patches of each kind that kubeadm knows. */
const PATCH_FILES: Readonly<Record<string, string>> = {
  'kube-apiserver+strategic.yaml': 'metadata:\n  annotations:\n    example.com/patched: strategic\n',
  'kube-controller-manager0+merge.yaml': 'spec:\n  priorityClassName: system-cluster-critical\n',
  'etcd1+json.json': '[{"op": "add", "path": "/metadata/labels/patched", "value": "json"}]\n',
  'kubeletconfiguration+strategic.yaml': 'maxPods: 200\n',
  'corednsdeployment+strategic.yaml': 'spec:\n  replicas: 3\n',
};

/** Everything by which kubeadm lets itself be extended. */
export const EXTRA_ARGUMENTS: OracleConfiguration = {
  name: 'extra-args',
  shows:
    'extra arguments (also one twice), volumes, environment, SANs, etcd folder, component configuration, patches of every kind',
  hosts: [
    {
      name: 'cp1',
      files: Object.fromEntries(Object.entries(PATCH_FILES).map(([name, text]) => [`${PATCHES}/${name}`, text])),
      documents: [
        initConfiguration({
          patches: { directory: PATCHES },
          nodeRegistration: { kubeletExtraArgs: [{ name: 'node-ip', value: '10.0.0.11' }] },
        }),
        clusterConfiguration({
          clusterName: 'site',
          apiServer: {
            extraArgs: [
              { name: 'audit-log-path', value: '/var/log/kubernetes/audit.log' },
              { name: 'service-account-issuer', value: 'https://issuer.example' },
              { name: 'service-account-issuer', value: 'https://kubernetes.default.svc.cluster.local' },
              { name: 'profiling', value: 'false' },
            ],
            extraEnvs: [{ name: 'GOMAXPROCS', value: '2' }],
            extraVolumes: [
              {
                name: 'policy',
                hostPath: '/etc/kubernetes/audit',
                mountPath: '/etc/kubernetes/audit',
                readOnly: true,
                pathType: 'Directory',
              },
              {
                name: 'audit',
                hostPath: '/var/log/kubernetes',
                mountPath: '/var/log/kubernetes',
                pathType: 'DirectoryOrCreate',
              },
            ],
          },
          controllerManager: {
            extraArgs: [
              { name: 'bind-address', value: '127.0.0.1' },
              { name: 'profiling', value: 'false' },
            ],
          },
          scheduler: {
            extraArgs: [{ name: 'profiling', value: 'false' }],
            extraVolumes: [
              {
                name: 'config',
                hostPath: '/etc/kubernetes/scheduler.yaml',
                mountPath: '/etc/kubernetes/scheduler.yaml',
              },
            ],
          },
          etcd: {
            local: {
              dataDir: '/var/lib/etcd-site',
              extraArgs: [{ name: 'quota-backend-bytes', value: '8589934592' }],
              serverCertSANs: ['etcd.example'],
              peerCertSANs: ['192.0.2.11'],
            },
          },
        }),
        kubeletConfiguration({ cgroupDriver: 'cgroupfs', failCgroupV1: false, serializeImagePulls: false }),
        kubeProxyConfiguration({ mode: 'nftables', conntrack: { maxPerCore: 0 } }),
      ],
    },
  ],
};
