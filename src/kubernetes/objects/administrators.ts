import type { ClusterSettings } from '../cluster-settings.ts';
import type { ApiObject } from './api-object.ts';
import { clusterRoleBinding } from './rbac.ts';

/** What makes the group in `admin.conf` administrators: only `super-admin.conf` may apply it the first time. */
export function administrators(): ApiObject {
  const group = 'kubeadm:cluster-admins';
  return clusterRoleBinding(group, 'cluster-admin', [{ kind: 'Group', name: group }]);
}

/** Since 1.36 the apiserver's certificate for kubelets is in no group of administrators, and gets the one right that it needs. */
export function apiserverAtKubelets({ kubernetesMinor }: ClusterSettings): readonly ApiObject[] {
  if (kubernetesMinor < 36) return [];
  const user = { kind: 'User', name: 'kube-apiserver-kubelet-client' } as const;
  return [clusterRoleBinding('kubeadm:apiserver-kubelet-client', 'system:kubelet-api-admin', [user])];
}
