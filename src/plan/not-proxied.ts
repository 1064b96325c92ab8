import type { EffectiveConfiguration } from '../config/configuration.types.ts';
import { pkiDefaults } from '../kubernetes/pki/pki-node.ts';

/** What is never asked of a proxy: the host itself, the networks of the cluster and its names, then what the configuration says. */
export function notProxied({ networks, proxies }: EffectiveConfiguration): readonly string[] {
  const { controlPlane, workloadPlane, pods, services } = networks;
  const own = [
    'localhost',
    '127.0.0.0/8',
    ...controlPlane.cidr,
    ...workloadPlane.cidr,
    ...pods,
    ...services,
    '.svc',
    `.${pkiDefaults.dnsDomain}`,
  ];
  return [...new Set([...own, ...proxies.no_proxy])];
}
