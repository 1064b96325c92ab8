import { containsAddress, parseAddress, parseCidr } from '../config/cidr.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { GatheredFacts } from './gathered-facts.ts';

/**
 * The address of a host on a plane: its first one in any of the plane's CIDRs. Throws a `PREFLIGHT_FAILED` that names host, plane and
 * addresses when there is none. `plane`: the field of the configuration, such as `networks.controlPlane`.
 */
export function planeAddress(
  { hostname, addresses }: Pick<GatheredFacts, 'hostname' | 'addresses'>,
  cidrs: readonly string[],
  plane: string,
): string {
  const [found] = addressesIn(addresses, cidrs);
  if (found !== undefined) return found;
  const has = addresses.length === 0 ? 'it has none' : `it has ${addresses.join(', ')}`;
  throw new MetalK8sError('PREFLIGHT_FAILED', `${hostname} has no address in ${cidrs.join(', ')}: ${has}`, {
    where: `${plane}.cidr`,
    hint: 'Give the host an address there, or name the network that it has one in.',
  });
}

/** Those of the addresses that lie in any of the CIDRs, in their order. */
export function addressesIn(addresses: readonly string[], cidrs: readonly string[]): readonly string[] {
  const networks = cidrs.flatMap((cidr) => parseCidr(cidr) ?? []);
  return addresses.filter((text) => {
    const address = parseAddress(text);
    return address !== undefined && networks.some((network) => containsAddress(network, address));
  });
}
