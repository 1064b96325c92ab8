import type { Template } from '../../templates/fill.ts';
import type { ClusterSettings } from '../cluster-settings.ts';
import { apiserverProxyConfiguration, apiserverProxyPod } from '../static-pods/apiserver-proxy.ts';
import { SYSTEM_NAMESPACE } from '../static-pods/pod.ts';
import { type ApiObject, ownLabels } from './api-object.ts';
import { PROXY_LABEL } from './node-marks.ts';

const NAME = 'apiserver-proxy';
const KEY = 'apiserver-proxy.conf';
const metadata = { name: NAME, namespace: SYSTEM_NAMESPACE, labels: ownLabels };
const podLabels = { 'app.kubernetes.io/name': NAME, ...ownLabels };

/**
 * apiserver-proxy on nodes that kubeadm joined, which have no static pod of it: kube-proxy asks it everywhere. `template`:
 * templates/nginx/apiserver-proxy.conf.
 */
export function apiserverProxyObjects(cluster: ClusterSettings, template: Template): readonly ApiObject[] {
  // As on a worker: any control plane will do.
  const file = apiserverProxyConfiguration({ roles: [], advertiseAddress: '', cluster }, template);
  const { metadata: pod, spec } = apiserverProxyPod({ cluster }, file);
  const { priority: _computed, ...fields } = spec;
  const configMap = { name: NAME, items: [{ key: KEY, path: KEY }] };
  const podTemplate = {
    metadata: { labels: podLabels, annotations: pod.annotations },
    spec: {
      ...fields,
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [joined] } } },
      automountServiceAccountToken: false,
      containers: spec.containers.map((container) => ({
        ...container,
        volumeMounts: container.volumeMounts.map((mount) =>
          mount.name === 'configuration' ? { ...mount, subPath: KEY } : mount,
        ),
      })),
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      tolerations: [{ operator: 'Exists' }],
      volumes: spec.volumes.map((volume) =>
        volume.name === 'configuration' ? { name: volume.name, configMap } : volume,
      ),
    },
  };
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [KEY]: file.content } },
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata,
      spec: {
        selector: { matchLabels: { 'app.kubernetes.io/name': NAME } },
        template: podTemplate,
        updateStrategy: { type: 'RollingUpdate' },
      },
    },
  ];
}

/** Nodes that we made have a static pod, which holds the ports. */
const joined = { matchExpressions: [{ key: PROXY_LABEL.name, operator: 'DoesNotExist' }] };
