import type { EffectiveConfiguration } from '../../config/configuration.types.ts';
import { renderYaml } from '../render-yaml.ts';
import { type ApiObject, type ClusterObject, METALK8S_NAMESPACE, ownLabels } from './api-object.ts';
import { denyIngress } from './network-policies.ts';

/** The ConfigMap with the configuration in effect, and its one key. */
export const configurationReference = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'configuration', namespace: METALK8S_NAMESPACE },
} as const;
export const CONFIGURATION_KEY = 'BootstrapConfiguration';

/** What Pod Security asks of pods, as `admissionConfiguration` has it, also where an apiserver's own defaults are others. */
const podSecurity = {
  'pod-security.kubernetes.io/enforce': 'baseline',
  'pod-security.kubernetes.io/enforce-version': 'latest',
  'pod-security.kubernetes.io/audit': 'restricted',
  'pod-security.kubernetes.io/audit-version': 'latest',
  'pod-security.kubernetes.io/warn': 'restricted',
  'pod-security.kubernetes.io/warn-version': 'latest',
} as const;

/** Our namespace, which nobody reaches into. */
export function ownNamespace(): readonly ApiObject[] {
  const metadata = { name: METALK8S_NAMESPACE, labels: { ...ownLabels, ...podSecurity } };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata },
    denyIngress({ name: 'default-deny-ingress', namespace: METALK8S_NAMESPACE, pods: {}, openings: [] }),
  ];
}

/**
 * The configuration in effect, which holds no secret: from bootstrap on, the source of truth. A later run compares its file with it and
 * does not write it; only `config apply` does.
 */
export function configurationObject(configuration: EffectiveConfiguration): ClusterObject {
  const metadata = { ...configurationReference.metadata, labels: ownLabels };
  const data = { [CONFIGURATION_KEY]: renderYaml(configuration) };
  return { object: { ...configurationReference, metadata, data }, write: 'create-if-absent', files: [] };
}
