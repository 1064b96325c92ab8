import { stringify } from 'yaml';

/** A file of the shape of upstream's `calico-vxlan.yaml`, with as little in it as there can be. */
export function manifestObjects() {
  const metadata = (name: string) => ({ name, namespace: 'kube-system' });
  const network =
    '{"name": "n", "plugins": [{"type": "calico", "mtu": __CNI_MTU__}, {"type": "portmap", "snat": true}]}';
  return {
    config: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata('calico-config'),
      data: { calico_backend: 'vxlan', veth_mtu: '0', cni_network_config: network } as Record<string, string>,
    },
    node: {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: metadata('calico-node'),
      spec: {
        template: {
          spec: {
            initContainers: [{ name: 'install-cni', image: 'docker.io/calico/cni:v3.0.0' }],
            containers: [
              {
                name: 'calico-node',
                image: 'docker.io/calico/node:v3.0.0',
                env: [
                  { name: 'NODENAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
                  { name: 'IP', value: 'autodetect' },
                  { name: 'CALICO_IPV4POOL_IPIP', value: 'Never' },
                  { name: 'CALICO_IPV4POOL_VXLAN', value: 'CrossSubnet' },
                  { name: 'FELIX_HEALTHENABLED', value: 'true' },
                ] as object[],
              },
            ],
          },
        },
      },
    },
    controllers: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadata('calico-kube-controllers'),
      spec: {
        template: {
          spec: {
            tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }],
            containers: [{ name: 'calico-kube-controllers', image: 'docker.io/calico/kube-controllers:v3.0.0' }],
          },
        },
      },
    },
  };
}

export function manifestText(objects: Readonly<Record<string, unknown>>): string {
  return Object.values(objects)
    .map((object) => stringify(object))
    .join('---\n');
}
