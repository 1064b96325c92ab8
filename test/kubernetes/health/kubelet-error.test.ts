import { expect, test } from 'vitest';
import { lastKubeletError } from '../../../src/kubernetes/health/kubelet-error.ts';

/** As the kubelet of Kubernetes 1.36 prints it. */
const JOURNAL = String.raw`I1121 21:55:05.100000    1234 kubelet.go:2400] "SyncLoop ADD" source="file" pods=["kube-system/registry-cp1"]
E1121 21:55:06.100000    1234 pod_workers.go:1324] "Error syncing pod, skipping" err="failed to \"StartContainer\" for \"etcd\" with CrashLoopBackOff: \"back-off 40s restarting failed container=etcd pod=etcd-cp1_kube-system(66f4)\"" pod="kube-system/etcd-cp1" podUID="66f4"
E1121 21:55:07.100000    1234 pod_workers.go:1324] "Error syncing pod, skipping" err="failed to \"StartContainer\" for \"registry\" with ErrImagePull: \"failed to pull\"" pod="kube-system/registry-cp1" podUID="c3d9"
E1121 21:55:08.100000    1234 pod_workers.go:1324] "Error syncing pod, skipping" err="failed to \"StartContainer\" for \"registry\" with ImagePullBackOff: \"Back-off pulling image\"" pod="kube-system/registry-cp1" podUID="c3d9"
W1121 21:55:09.100000    1234 prober.go:1] "Probe failed" pod="kube-system/registry-cp1"
E1121 21:55:10.100000    1234 kubelet.go:3100] "Failed creating a mirror pod" pods=["kube-system/etcd-cp1"]
`;

test('the last failure of a pod is told, with its reason where it has one', () => {
  expect(lastKubeletError(JOURNAL, 'kube-system/registry-cp1')).toBe(
    'failed to "StartContainer" for "registry" with ImagePullBackOff: "Back-off pulling image"',
  );
  expect(lastKubeletError(JOURNAL, 'kube-system/etcd-cp1')).toBe('Failed creating a mirror pod');
});

test('of a pod without a failure nothing is told', () => {
  expect(lastKubeletError(JOURNAL, 'kube-system/kube-apiserver-cp1')).toBeUndefined();
  expect(lastKubeletError('', 'kube-system/registry-cp1')).toBeUndefined();
  expect(lastKubeletError('E pod="kube-system/x" torn', 'kube-system/x')).toBeUndefined();
});
