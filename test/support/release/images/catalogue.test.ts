import { expect, test } from 'vitest';
import { releaseImages } from './catalogue.ts';
import type { ImageSource } from './image.ts';

const [kube, addons] = ['/control-plane', { coredns: '/coredns', etcd: '/etcd' }];

function images(...kubernetes: string[]): readonly ImageSource[] {
  return releaseImages({
    kubernetes: kubernetes.map((version) => ({ version, controlPlane: kube })),
    addons: {
      ...addons,
      pause: [
        { architecture: 'amd64', directory: '/pause-amd64' },
        { architecture: 'arm64', directory: '/pause-arm64' },
      ],
    },
    calico: { version: '3.28.5', calico: '/calico', cniPlugins: '/cni', debian: '/debian' },
    busybox: { debian: '/debian', applets: ['busybox', 'sh', 'wget'] },
    debian: '/debian',
  });
}

test('has the images of a Kubernetes version, of its networks and of tests, under their upstream names', () => {
  expect(images('1.36.3').flatMap(({ references }) => references)).toEqual([
    'registry.k8s.io/kube-apiserver:v1.36.3',
    'registry.k8s.io/kube-controller-manager:v1.36.3',
    'registry.k8s.io/kube-scheduler:v1.36.3',
    'registry.k8s.io/kube-proxy:v1.36.3',
    'registry.k8s.io/coredns/coredns:v1.14.2',
    'registry.k8s.io/etcd:3.6.8-0',
    'registry.k8s.io/pause:3.10.2',
    'docker.io/calico/node:v3.28.5',
    'quay.io/calico/node:v3.28.5',
    'docker.io/calico/cni:v3.28.5',
    'quay.io/calico/cni:v3.28.5',
    'docker.io/calico/kube-controllers:v3.28.5',
    'quay.io/calico/kube-controllers:v3.28.5',
    'docker.io/library/nginx:1.22.1',
    'docker.io/library/busybox:1.35.0',
    'docker.io/library/busybox@',
  ]);
});

test('two Kubernetes versions side by side share what both run, under the tags of both', () => {
  const references = images('1.36.3', '1.35.4').flatMap((image) => image.references);
  expect(references).toContain('registry.k8s.io/kube-apiserver:v1.35.4');
  expect(references.filter((reference) => reference.startsWith('registry.k8s.io/pause:'))).toEqual([
    'registry.k8s.io/pause:3.10.2',
    'registry.k8s.io/pause:3.10.1',
  ]);
  expect(new Set(references).size).toBe(references.length);
});

test('refuses a minor version whose tags nobody has looked up', () => {
  expect(() => images('1.40.0')).toThrow('KUBEADM_TAGS lacks Kubernetes 1.40');
});

test('images come in both formats, as manifests and as indexes', () => {
  const kinds = images('1.36.3').map(({ format, indexed }) => `${format} ${indexed ? 'index' : 'manifest'}`);
  expect(new Set(kinds)).toEqual(new Set(['oci manifest', 'oci index', 'docker manifest', 'docker index']));
});

/** What upstream's images say, as far as manifests and users rely on it. */
test.each([
  ['registry.k8s.io/coredns/coredns', { Entrypoint: ['/coredns'], User: '65532:65532' }],
  ['registry.k8s.io/pause', { Entrypoint: ['/pause'], User: '65535:65535' }],
  ['docker.io/calico/node', { Cmd: ['start_runit'] }],
  ['docker.io/calico/cni', { Cmd: ['/opt/cni/bin/install'], WorkingDir: '/opt/cni/bin' }],
  ['docker.io/calico/kube-controllers', { Entrypoint: ['/usr/bin/kube-controllers'], User: '999' }],
  ['docker.io/library/nginx', { Cmd: ['nginx', '-g', 'daemon off;'], StopSignal: 'SIGQUIT' }],
])('%s starts as upstream does', (name, config) => {
  const image = images('1.36.3').find(({ references }) => references[0].startsWith(`${name}:`));
  expect(image?.variants[0].config).toMatchObject(config);
});

/** Paths that upstream's manifests, and those of kubeadm, call. */
test.each([
  ['registry.k8s.io/kube-apiserver', '/usr/local/bin/kube-apiserver'],
  ['registry.k8s.io/kube-proxy', '/usr/local/bin/kube-proxy'],
  ['registry.k8s.io/kube-proxy', '/usr/sbin/iptables'],
  ['registry.k8s.io/etcd', '/usr/local/bin/etcdctl'],
  ['docker.io/calico/node', '/usr/bin/calico-node'],
  ['docker.io/calico/node', '/usr/sbin/start_runit'],
  ['docker.io/calico/cni', '/opt/cni/bin/calico-ipam'],
  ['docker.io/calico/kube-controllers', '/usr/bin/check-status'],
])('%s has %s', (name, path) => {
  const image = images('1.36.3').find(({ references }) => references[0].startsWith(`${name}:`));
  const paths = image?.variants[0].layers.flatMap((layer) => layer.files.map((file) => file.path));
  expect(paths).toContain(path);
});
