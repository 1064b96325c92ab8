import { expect, test } from 'vitest';
import { kubernetesModule, kubernetesPart, versionVariables } from './kubernetes.ts';

test('both version packages of Kubernetes are told the same', () => {
  const values = { gitVersion: 'v1.35.4', gitMajor: '1', gitMinor: '35', gitCommit: '', gitTreeState: 'archive' };
  const expected: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    expected[`k8s.io/client-go/pkg/version.${name}`] = value;
    expected[`k8s.io/component-base/version.${name}`] = value;
  }
  expect(versionVariables('1.35.4')).toEqual(expected);
});

test.each([
  ['kubeadm', ['kubeadm']],
  ['kubernetes-node', ['kubelet', 'kubectl']],
  ['kubernetes-control-plane', ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy']],
] as const)('%s has its programs, each saying the version', (name, files) => {
  const { programs } = kubernetesPart(name, '1.36.1');
  expect(programs.map((program) => program.file)).toEqual(files);
  expect(programs.map((program) => program.says)).toEqual(files.map(() => 'v1.36.1'));
});

test('one module pins all parts of a version', () => {
  const module = kubernetesModule('1.36.1');
  expect(module.folder).toBe('kubernetes/1.36.1');
  expect(module.packages).toHaveLength(7);
  expect(module.requires).toEqual([{ path: 'k8s.io/kubernetes', version: 'v1.36.1' }]);
});
