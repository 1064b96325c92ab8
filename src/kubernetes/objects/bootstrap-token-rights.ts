import type { ApiObject } from './api-object.ts';
import { clusterRole, clusterRoleBinding, nodes, tokenHolders } from './rbac.ts';

/** Rights of who joins with a token of `kubeadm token create`. Tokens themselves are made when somebody asks for one. */
export function bootstrapTokenRights(): readonly ApiObject[] {
  const requests = 'system:certificates.k8s.io:certificatesigningrequests';
  return [
    clusterRole('kubeadm:get-nodes', [{ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }]),
    clusterRoleBinding('kubeadm:get-nodes', 'kubeadm:get-nodes', [tokenHolders]),
    clusterRoleBinding('kubeadm:kubelet-bootstrap', 'system:node-bootstrapper', [tokenHolders]),
    clusterRoleBinding('kubeadm:node-autoapprove-bootstrap', `${requests}:nodeclient`, [tokenHolders]),
    clusterRoleBinding('kubeadm:node-autoapprove-certificate-rotation', `${requests}:selfnodeclient`, [nodes]),
  ];
}
