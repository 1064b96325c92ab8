import {
  clusterConfiguration,
  type Document,
  initConfiguration,
  kubeletConfiguration,
  kubeProxyConfiguration,
  type OracleConfiguration,
  type OracleHost,
} from './configuration.ts';
import { EXTRA_ARGUMENTS } from './extra-arguments.ts';
import { HA_ENDPOINT } from './ha-endpoint.ts';

const ALGORITHMS = ['ECDSA-P256', 'ECDSA-P384'];
/** Making such keys takes long, and the default is RSA too. */
const COSTLY_ALGORITHMS = ['RSA-3072', 'RSA-4096'];

/** Everything that golden data is made of. `single` comes first: the others are stored as differences from it. */
export const CONFIGURATIONS: readonly OracleConfiguration[] = [
  { name: 'single', shows: 'one control plane, every default', hosts: [cp1()] },
  {
    name: 'single-real-api',
    shows: 'single on a real etcd and kube-apiserver: what the API holds then',
    hosts: [cp1()],
    run: ['etcd', 'kube-apiserver'],
  },
  HA_ENDPOINT,
  {
    name: 'other-cidrs',
    shows: 'other pod and service networks and DNS domain',
    hosts: [
      cp1({
        cluster: {
          networking: { podSubnet: '10.233.0.0/16', serviceSubnet: '10.234.0.0/16', dnsDomain: 'site.example' },
        },
      }),
    ],
  },
  {
    name: 'other-repository',
    shows: 'images from another registry',
    hosts: [cp1({ cluster: { imageRepository: 'registry.example:5000/k8s' } })],
  },
  ...ALGORITHMS.map(withKeys),
  ...COSTLY_ALGORITHMS.map((algorithm) => ({ ...withKeys(algorithm), costly: true as const })),
  {
    name: 'feature-gates',
    shows: "feature gates of every component, by kubeadm's own means",
    hosts: [
      cp1({
        cluster: {
          apiServer: { extraArgs: gates('MutatingAdmissionPolicy=true,WatchList=true') },
          controllerManager: { extraArgs: gates('MutatingAdmissionPolicy=true') },
          scheduler: { extraArgs: gates('MutatingAdmissionPolicy=true') },
        },
        documents: [
          kubeletConfiguration({ featureGates: { KubeletPSI: true } }),
          kubeProxyConfiguration({ featureGates: { WatchList: true } }),
        ],
      }),
    ],
  },
  {
    name: 'rootless-control-plane',
    shows: "kubeadm's feature gate RootlessControlPlane: static pods run as users that kubeadm adds",
    hosts: [cp1({ cluster: { featureGates: { RootlessControlPlane: true } } })],
  },
  EXTRA_ARGUMENTS,
  {
    name: 'planes',
    shows: 'an API address on a second network, another node name, no taints, a CRI socket',
    hosts: [
      {
        ...cp1({
          init: {
            localAPIEndpoint: { advertiseAddress: '10.0.1.11' },
            nodeRegistration: {
              name: 'node-1.site.example',
              taints: [],
              criSocket: 'unix:///run/containerd/containerd.sock',
            },
          },
        }),
        nodeName: 'node-1.site.example',
      },
    ],
  },
];

interface Cp1 {
  readonly init?: Readonly<Record<string, unknown>>;
  readonly cluster?: Readonly<Record<string, unknown>>;
  readonly documents?: readonly Document[];
}

function cp1({ init, cluster, documents = [] }: Cp1 = {}): OracleHost {
  return { name: 'cp1', documents: [initConfiguration(init), clusterConfiguration(cluster), ...documents] };
}

function withKeys(algorithm: string): OracleConfiguration {
  const hosts = [cp1({ cluster: { encryptionAlgorithm: algorithm } })];
  return { name: algorithm.toLowerCase(), shows: `keys by ${algorithm}`, hosts };
}

function gates(value: string): { name: string; value: string }[] {
  return [{ name: 'feature-gates', value }];
}
