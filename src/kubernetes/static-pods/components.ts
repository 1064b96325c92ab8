import type { ClusterNode } from '../cluster-node.ts';
import type { Component } from './component.ts';
import { etcd } from './etcd.ts';
import { kubeApiserver } from './kube-apiserver.ts';
import { kubeControllerManager } from './kube-controller-manager.ts';
import { kubeScheduler } from './kube-scheduler.ts';

/** The components of kubeadm's that run on a node as static pods. */
export function componentsOf({ roles }: ClusterNode): readonly Component[] {
  return [
    ...(roles.includes('etcd') ? [etcd] : []),
    ...(roles.includes('control-plane') ? [kubeApiserver, kubeControllerManager, kubeScheduler] : []),
  ];
}
