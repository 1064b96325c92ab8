import type { ClusterNode } from '../cluster-node.ts';
import { byName, type Component, commandOf, type HostVolume } from './component.ts';
import { type Pod, PROBE_PORT, runtimeSeccomp, SYSTEM_NAMESPACE, staticPodDefaults } from './pod.ts';

/** The static pod of a component on a node: kubeadm's with our additions. */
export function componentPod(component: Component, node: ClusterNode): Pod {
  const { name } = component;
  const baseline = component.baseline(node);
  const additions = component.additions(node.cluster);
  const addedVolumes = additions.flatMap((one) => (one.adds === 'volume' ? one.volume : []));
  const environment = additions.flatMap((one) => (one.adds === 'environment' ? one.variable : []));
  const volumes = [...baseline.volumes, ...addedVolumes];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: SYSTEM_NAMESPACE,
      labels: { component: name, tier: 'control-plane' },
      annotations: baseline.annotations,
    },
    spec: {
      ...staticPodDefaults,
      containers: [
        {
          name,
          image: baseline.image,
          imagePullPolicy: 'IfNotPresent',
          command: commandOf(component, node),
          env: environment.length > 0 ? environment.sort(byName) : undefined,
          ports: [{ name: PROBE_PORT, containerPort: baseline.port, protocol: 'TCP' }],
          resources: { requests: baseline.requests },
          livenessProbe: baseline.livenessProbe,
          readinessProbe: baseline.readinessProbe,
          startupProbe: baseline.startupProbe,
          volumeMounts: (addedVolumes.length > 0 ? volumes.toSorted(byName) : volumes).map(
            ({ name: volume, path, readOnly }) => ({ name: volume, mountPath: path, ...(readOnly && { readOnly }) }),
          ),
        },
      ],
      securityContext: runtimeSeccomp,
      volumes: volumes.toSorted(byName).map(hostVolume),
    },
    status: {},
  };
}

/** A volume of a pod. */
export function hostVolume({ name, path, type }: HostVolume): Pod['spec']['volumes'][number] {
  return { name, hostPath: { path, type } };
}
