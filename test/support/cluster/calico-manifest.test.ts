import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { calicoManifest } from './calico-manifest.ts';

const configMap = 'kind: ConfigMap\ndata:\n  veth_mtu: "0"\n';
const daemonSet = `kind: DaemonSet
spec:
  template:
    spec:
      containers:
        - name: calico-node
          env:
            - name: CALICO_IPV4POOL_IPIP
              value: "Never"
            - name: CALICO_IPV4POOL_VXLAN
              value: "CrossSubnet"
`;

test('changes the mode of the IPv4 pool and nothing else', () => {
  const [first, second] = parseAllDocuments(calicoManifest(`${configMap}---\n${daemonSet}`, 'Always'));
  expect(first?.toJS()).toEqual({ kind: 'ConfigMap', data: { veth_mtu: '0' } });
  expect(second?.toJS().spec.template.spec.containers).toEqual([
    {
      name: 'calico-node',
      env: [
        { name: 'CALICO_IPV4POOL_IPIP', value: 'Never' },
        { name: 'CALICO_IPV4POOL_VXLAN', value: 'Always' },
      ],
    },
  ]);
});

test('refuses a manifest without the setting', () => {
  expect(() => calicoManifest(configMap, 'Always')).toThrow('sets CALICO_IPV4POOL_VXLAN 0 times');
});
