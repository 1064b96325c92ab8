import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { BootstrapConfiguration } from '../../src/config/configuration.types.ts';
import { effectiveConfiguration } from '../../src/config/effective-configuration.ts';
import { clusterSettings } from '../../src/kubernetes/cluster-settings.ts';
import type { LockedImage } from '../../src/release/lock.ts';
import { exampleText } from '../config/example.ts';

type Image = Pick<LockedImage, 'reference' | 'digest'>;

const images: readonly Image[] = [
  'registry.k8s.io/kube-apiserver:v1.36.3',
  'registry.k8s.io/kube-controller-manager:v1.36.3',
  'registry.k8s.io/kube-scheduler:v1.36.3',
  'registry.k8s.io/kube-proxy:v1.36.3',
  'registry.k8s.io/etcd:3.6.8-0',
  'registry.k8s.io/coredns/coredns:v1.14.2',
  'registry.k8s.io/pause:3.10.2',
  'docker.io/library/nginx:1.29.1',
  'quay.io/calico/node:v3.31.0',
].map((reference, index) => ({ reference, digest: `sha256:${String(index).repeat(64)}` as const }));
const inputs = {
  kubernetes: '1.36.3',
  images,
  controlPlaneAddresses: ['10.200.1.11', '10.200.1.12'],
  etcdAddresses: ['10.200.1.11'],
};

function settings(...lines: readonly string[]) {
  const configuration = effectiveConfiguration(parse(exampleText(...lines)) as BootstrapConfiguration);
  return clusterSettings(configuration, inputs);
}

it('takes from a configuration that says the least what every cluster has', () => {
  expect(settings()).toEqual({
    kubernetesVersion: '1.36.3',
    kubernetesMinor: 36,
    clusterName: 'kubernetes',
    controlPlaneEndpoint: '10.200.1.11:6443',
    podSubnets: ['10.233.0.0/16'],
    serviceSubnets: ['10.96.0.0/12'],
    dnsDomain: 'cluster.local',
    keyAlgorithm: 'RSA-2048',
    extraSans: {},
    validityDays: 365,
    authorityValidityDays: 3650,
    images: {
      repository: 'registry.k8s.io',
      apiserver: 'registry.k8s.io/kube-apiserver:v1.36.3',
      controllerManager: 'registry.k8s.io/kube-controller-manager:v1.36.3',
      scheduler: 'registry.k8s.io/kube-scheduler:v1.36.3',
      etcd: 'registry.k8s.io/etcd:3.6.8-0',
      kubeProxy: 'registry.k8s.io/kube-proxy:v1.36.3',
      coredns: 'registry.k8s.io/coredns/coredns:v1.14.2',
      pause: 'registry.k8s.io/pause:3.10.2',
      nginx: `docker.io/library/nginx@sha256:${'7'.repeat(64)}`,
    },
    controlPlaneAddresses: ['10.200.1.11', '10.200.1.12'],
    etcdAddresses: ['10.200.1.11'],
    etcdDataDirectory: '/var/lib/etcd',
    secretsEncryption: 'secretbox',
    featureGates: {},
    oidc: undefined,
    terminatedPodGcThreshold: 500,
    maxPods: undefined,
    allowCgroupV1: false,
    nodePortSubnets: ['10.200.2.0/24'],
    conntrackMaxPerCore: undefined,
    coreDns: {
      replicas: 2,
      hostForward: true,
      antiAffinity: { soft: [{ topologyKey: 'kubernetes.io/hostname', weight: 1 }], hard: [] },
    },
    debug: false,
  });
});

it('takes from a configuration what it says', () => {
  const found = settings(
    'debug: true',
    'kubernetes:',
    '  apiServer:',
    '    featureGates: {WatchList: false}',
    '    oidc: {issuerURL: https://login.example.com, clientID: kubernetes, CAFile: /etc/oidc.crt, groupsClaim: groups}',
    '  controllerManager: {config: {terminatedPodGCThreshold: 0}}',
    '  kubelet: {config: {maxPods: 250}, allowCgroupV1: true}',
    '  kubeProxy: {config: {conntrack: {maxPerCore: 0}}}',
    '  coreDNS: {hostForward: false, replicas: 3}',
    '  certificates: {keyAlgorithm: ECDSA-P256}',
    '  secretsEncryption: aescbc',
  );
  expect(found).toMatchObject({
    debug: true,
    featureGates: { WatchList: false },
    oidc: {
      issuerUrl: 'https://login.example.com',
      clientId: 'kubernetes',
      caFile: '/etc/oidc.crt',
      groupsClaim: 'groups',
    },
    terminatedPodGcThreshold: 0,
    maxPods: 250,
    allowCgroupV1: true,
    conntrackMaxPerCore: 0,
    coreDns: { hostForward: false, replicas: 3 },
    keyAlgorithm: 'ECDSA-P256',
    secretsEncryption: 'aescbc',
  });
});

it('takes the endpoint of the configuration, where it has one', () => {
  const text = exampleText().replace('  workloadPlane:', '    endpoint: api.example.com:8443\n  workloadPlane:');
  const configuration = effectiveConfiguration(parse(text) as BootstrapConfiguration);
  expect(clusterSettings(configuration, inputs).controlPlaneEndpoint).toBe('api.example.com:8443');
});

it.each([
  ['has no image registry.k8s.io/etcd', images.filter(({ reference }) => !reference.includes('/etcd:'))],
  ['has no image docker.io/library/nginx', images.filter(({ reference }) => !reference.includes('nginx'))],
  [
    'has no image registry.k8s.io/kube-apiserver:v1.36.3',
    images.map((image) => ({ ...image, reference: image.reference.replace('apiserver:v1.36.3', 'apiserver:v1.36.2') })),
  ],
  [
    'has more than one image registry.k8s.io/pause',
    [...images, { reference: 'registry.k8s.io/pause:3.9', digest: `sha256:${'a'.repeat(64)}` as const }],
  ],
])('refuses a release that %s', (message, list) => {
  const configuration = effectiveConfiguration(parse(exampleText()) as BootstrapConfiguration);
  expect(() => clusterSettings(configuration, { ...inputs, images: list })).toThrow(`The release ${message}`);
});
