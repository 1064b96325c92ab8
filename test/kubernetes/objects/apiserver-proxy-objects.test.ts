import { expect, it } from 'vitest';
import { apiserverProxyObjects } from '../../../src/kubernetes/objects/apiserver-proxy-objects.ts';
import { nodeTemplates } from '../../../src/product/node-templates.ts';
import { clusterSettings } from '../../support/kubernetes/cluster-node.ts';

const { apiserverProxy } = await nodeTemplates();

// biome-ignore lint/suspicious/noExplicitAny: fields are asked for by name
function made(...controlPlaneAddresses: readonly string[]): any[] {
  return [...apiserverProxyObjects(clusterSettings({ controlPlaneAddresses }), apiserverProxy)];
}

it('leads to any control plane', () => {
  const [{ data }] = made('10.78.0.12', '10.78.0.11');
  expect(data['apiserver-proxy.conf'].replace(/\s+/g, ' ')).toContain(
    'upstream apiservers { random; server 10.78.0.11:6443; server 10.78.0.12:6443; }',
  );
});

it('runs on nodes that are not ours, and reads the ConfigMap', () => {
  const [, { spec }] = made('10.78.0.11');
  const pod = spec.template.spec;
  const [term] = pod.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms;
  expect(term.matchExpressions).toEqual([{ key: 'metalk8s.scality.com/apiserver-proxy', operator: 'DoesNotExist' }]);
  expect(pod.containers[0].volumeMounts[0]).toEqual({
    name: 'configuration',
    mountPath: '/etc/kubernetes/apiserver-proxy.conf',
    subPath: 'apiserver-proxy.conf',
    readOnly: true,
  });
  expect(pod.volumes[0]).toEqual({
    name: 'configuration',
    configMap: { name: 'apiserver-proxy', items: [{ key: 'apiserver-proxy.conf', path: 'apiserver-proxy.conf' }] },
  });
  expect(JSON.stringify(pod)).not.toContain('hostPath');
});

it('starts again when control planes come or go', () => {
  const digest = (objects: ReturnType<typeof made>) =>
    objects[1].spec.template.metadata.annotations['metalk8s.scality.com/config-digest'];
  expect(digest(made('10.78.0.11'))).toBe(digest(made('10.78.0.11')));
  expect(digest(made('10.78.0.11', '10.78.0.12'))).not.toBe(digest(made('10.78.0.11')));
});
