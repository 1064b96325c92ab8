import type { ApiObject } from './api-object.ts';

const GROUP = 'rbac.authorization.k8s.io';
const apiVersion = `${GROUP}/v1`;

/** Who has rights. */
export type Subject =
  | { readonly kind: 'User' | 'Group'; readonly name: string }
  | { readonly kind: 'ServiceAccount'; readonly name: string; readonly namespace: string };

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** Gives a ClusterRole to subjects, everywhere. */
export function clusterRoleBinding(name: string, role: string, subjects: readonly Subject[]): ApiObject {
  const roleRef = { apiGroup: GROUP, kind: 'ClusterRole', name: role };
  return { apiVersion, kind: 'ClusterRoleBinding', metadata: { name }, roleRef, subjects };
}

export function clusterRole(name: string, rules: readonly Rule[]): ApiObject {
  return { apiVersion, kind: 'ClusterRole', metadata: { name }, rules };
}

/** A Role that lets subjects read one ConfigMap, and its binding of the same name. */
export function readerOfConfigMap(
  { name, namespace }: { readonly name: string; readonly namespace: string },
  configMap: string,
  subjects: readonly Subject[],
): readonly ApiObject[] {
  const metadata = { name, namespace };
  const rule: Rule = { apiGroups: [''], resources: ['configmaps'], resourceNames: [configMap], verbs: ['get'] };
  return [
    { apiVersion, kind: 'Role', metadata, rules: [rule] },
    { apiVersion, kind: 'RoleBinding', metadata, roleRef: { apiGroup: GROUP, kind: 'Role', name }, subjects },
  ];
}

/** Whoever shows a bootstrap token that kubeadm made. */
export const tokenHolders: Subject = { kind: 'Group', name: 'system:bootstrappers:kubeadm:default-node-token' };
/** The kubelets. */
export const nodes: Subject = { kind: 'Group', name: 'system:nodes' };
