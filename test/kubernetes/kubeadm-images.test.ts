import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kubeadmImages } from '../../src/kubernetes/kubeadm-images.ts';
import { ORACLE_VERSIONS } from '../support/kubeadm/versions.ts';

const GOLDEN = join(import.meta.dirname, '../golden/kubeadm');

describe.each(ORACLE_VERSIONS)('kubeadm $version', ({ minor, version }) => {
  const references = kubeadmImages(version).map(({ repository, tag }) => `${repository}:${tag}`);

  test('asks for what it was seen to write', () => {
    const manifests = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'].map((name) =>
      readFileSync(join(GOLDEN, minor, `single/cp1/root/etc/kubernetes/manifests/${name}.yaml`), 'utf8'),
    );
    const objects = ['Deployment.kube-system.coredns', 'DaemonSet.kube-system.kube-proxy'].map((name) =>
      readFileSync(join(GOLDEN, minor, `single/cp1/sent/${name}.yaml`), 'utf8'),
    );
    const seen = [...manifests, ...objects].flatMap((text) =>
      [...text.matchAll(/ image: (\S+)/g)].map(([, image]) => image),
    );
    expect(seen).toHaveLength(6);
    expect(references.filter((reference) => !reference.includes('/pause:')).sort()).toEqual(seen.sort());
  });
});

test('of a version that nobody looked at, the tags of other projects are not known', () => {
  expect(kubeadmImages('1.36.99').map(({ tag }) => tag)).toEqual([
    ...Array(4).fill('v1.36.99'),
    undefined,
    undefined,
    undefined,
  ]);
  expect(kubeadmImages('1.99.0').at(-1)).toEqual({ repository: 'registry.k8s.io/etcd', tag: undefined });
});

test.each([['1.36'], ['v1.36.3'], ['1.36.3-rc.0'], ['']])('%j is no version', (version) => {
  expect(() => kubeadmImages(version)).toThrow(/is no version of Kubernetes/);
});
