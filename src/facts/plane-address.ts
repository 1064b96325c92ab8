import { containsAddress, parseAddress, parseCidr } from '../config/cidr.ts';
import type { EffectiveConfiguration } from '../config/configuration.types.ts';
import { parseEndpoint } from '../config/formats/addresses.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { GatheredFacts } from './gathered-facts.ts';

export type Plane = 'controlPlane' | 'workloadPlane';
type Planes = Pick<EffectiveConfiguration['networks'], Plane>;

/**
 * The address of a host on a plane: the first one of `planeAddresses`. Throws a `PREFLIGHT_FAILED` that names host, plane and addresses when
 * there is none.
 */
export function planeAddress(
  { hostname, addresses }: Pick<GatheredFacts, 'hostname' | 'addresses'>,
  planes: Planes,
  plane: Plane,
): string {
  const [found] = planeAddresses(addresses, planes, plane);
  if (found !== undefined) return found;
  const has = addresses.length === 0 ? 'it has none' : `it has ${addresses.join(', ')}`;
  throw new MetalK8sError(
    'PREFLIGHT_FAILED',
    `${hostname} has no address in ${planes[plane].cidr.join(', ')}: ${has}`,
    {
      where: `networks.${plane}.cidr`,
      hint: 'Give the host an address there, or name the network that it has one in.',
    },
  );
}

/**
 * Those of a host's addresses that can be its own on a plane: in any of the plane's CIDRs, in their order. The endpoint of the cluster is none
 * of them where there is another: a virtual address moves to another host some day.
 */
export function planeAddresses(addresses: readonly string[], planes: Planes, plane: Plane): readonly string[] {
  const { endpoint } = planes.controlPlane;
  const shared = endpoint === undefined ? undefined : parseEndpoint(endpoint).host;
  const found = addressesIn(addresses, planes[plane].cidr);
  const own = found.filter((address) => address !== shared);
  return own.length > 0 ? own : found;
}

/** Those of the addresses that lie in any of the CIDRs, in their order. */
export function addressesIn(addresses: readonly string[], cidrs: readonly string[]): readonly string[] {
  const networks = cidrs.flatMap((cidr) => parseCidr(cidr) ?? []);
  return addresses.filter((text) => {
    const address = parseAddress(text);
    return address !== undefined && networks.some((network) => containsAddress(network, address));
  });
}
