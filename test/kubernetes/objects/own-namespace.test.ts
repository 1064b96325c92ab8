import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { admissionConfiguration } from '../../../src/kubernetes/control-plane/admission-configuration.ts';
import { systemPolicies } from '../../../src/kubernetes/objects/network-policies.ts';
import { configurationObject, ownNamespace } from '../../../src/kubernetes/objects/own-namespace.ts';
import { exampleConfiguration } from '../../support/kubernetes/example-configuration.ts';

it('keeps the configuration in effect, and never writes over it', () => {
  const configuration = exampleConfiguration('debug: true');
  const { object, write } = configurationObject(configuration);
  expect(write).toBe('create-if-absent');
  expect(object.metadata).toMatchObject({ name: 'configuration', namespace: 'metalk8s-system' });
  const { data } = object as unknown as { data: Record<string, string> };
  expect(parse(data.BootstrapConfiguration ?? '')).toEqual(configuration);
});

it('asks of pods in our namespace what the apiserver asks of others', () => {
  const [namespace] = ownNamespace();
  const [{ configuration }] = admissionConfiguration().plugins as [{ configuration: { defaults: object } }];
  expect(namespace?.metadata.labels).toEqual({
    'app.kubernetes.io/part-of': 'metalk8s',
    ...Object.fromEntries(
      Object.entries(configuration.defaults).map(([mode, value]) => [`pod-security.kubernetes.io/${mode}`, value]),
    ),
  });
});

it('lets nothing into our namespace', () => {
  expect(ownNamespace()[1]).toMatchObject({
    kind: 'NetworkPolicy',
    metadata: { namespace: 'metalk8s-system' },
    spec: { podSelector: {}, policyTypes: ['Ingress'] },
  });
  expect(ownNamespace()[1]?.spec).not.toHaveProperty('ingress');
});

it('lets names be asked by everybody, and metrics by pods', () => {
  const [coredns, ...others] = systemPolicies({ cni: 'none' });
  expect(others).toEqual([]);
  expect(coredns?.spec).toEqual({
    podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    policyTypes: ['Ingress'],
    ingress: [
      {
        ports: [
          { port: 53, protocol: 'UDP' },
          { port: 53, protocol: 'TCP' },
        ],
      },
      { ports: [{ port: 9153, protocol: 'TCP' }], from: [{ namespaceSelector: {} }] },
    ],
  });
  expect(systemPolicies({ cni: 'calico' }).map(({ metadata }) => metadata.name)).toEqual([
    'coredns',
    'calico-kube-controllers',
  ]);
});
