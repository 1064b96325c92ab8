import { formatIpAddress, parseIpAddress } from './ip-address.ts';

/**
 * Address of the Service `kubernetes`: the first after the network address of the first service subnet, as kubeadm and the apiserver
 * take it. Throws when the subnet is no CIDR or has no such address.
 */
export function kubernetesServiceAddress(serviceSubnets: readonly string[]): string {
  const [subnet = ''] = serviceSubnets;
  const [address = '', length = ''] = subnet.split('/');
  const bytes = parseIpAddress(address);
  const prefix = Number(length);
  if (!bytes || !/^\d{1,3}$/.test(length) || prefix > bytes.length * 8 - 2) {
    throw new RangeError(`service subnet "${subnet}" is not a CIDR with room for an address`);
  }
  const network = bytes.map((byte, index) => byte & maskByte(prefix - index * 8));
  network[network.length - 1] = (network.at(-1) ?? 0) + 1;
  return formatIpAddress(network) ?? '';
}

function maskByte(bits: number): number {
  return 0xff & (0xff << (8 - Math.min(8, Math.max(0, bits))));
}
