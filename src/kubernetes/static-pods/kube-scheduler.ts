import type { ClusterNode } from '../cluster-node.ts';
import { LOOPBACK, listeners } from '../listeners.ts';
import type { Baseline, Component } from './component.ts';
import { kubernetesAdditions } from './kubernetes-additions.ts';
import { livenessProbe, readinessProbe, startupProbe } from './probes.ts';
import { kubeconfigVolume } from './volumes.ts';

const KUBECONFIG = '/etc/kubernetes/scheduler.conf';

export const kubeScheduler: Component = { name: 'kube-scheduler', baseline, additions: kubernetesAdditions };

function baseline({ cluster }: ClusterNode): Baseline {
  const health = (path: string) => ({ host: LOOPBACK, path, scheme: 'HTTPS' }) as const;
  return {
    image: cluster.images.scheduler,
    arguments: [
      { name: 'authentication-kubeconfig', value: KUBECONFIG },
      { name: 'authorization-kubeconfig', value: KUBECONFIG },
      { name: 'bind-address', value: LOOPBACK },
      { name: 'kubeconfig', value: KUBECONFIG },
      { name: 'leader-elect', value: 'true' },
    ],
    volumes: [kubeconfigVolume(KUBECONFIG)],
    port: listeners.scheduler.port,
    livenessProbe: livenessProbe(health('/livez')),
    readinessProbe: readinessProbe(health('/readyz')),
    startupProbe: startupProbe(health('/livez')),
    requests: { cpu: '100m' },
  };
}
