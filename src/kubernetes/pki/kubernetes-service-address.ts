import { formatIpAddress, parseIpAddress } from './ip-address.ts';

/**
 * Address of the Service `kubernetes`: the first after the network address of the first service subnet, as kubeadm and the apiserver
 * take it. Throws when the subnet is no CIDR or has no such address.
 */
export function kubernetesServiceAddress(serviceSubnets: readonly string[]): string {
  return addressInServices(serviceSubnets, 1);
}

/**
 * The address with an index below 256, counted from the network address of the first service subnet, where kubeadm has places of its
 * own: 10 is the DNS server. Throws when the subnet is no CIDR or has no such address.
 */
export function addressInServices(serviceSubnets: readonly string[], index: number): string {
  const [subnet = ''] = serviceSubnets;
  const [address = '', length = ''] = subnet.split('/');
  const bytes = parseIpAddress(address);
  const prefix = Number(length);
  if (!bytes || !/^\d{1,3}$/.test(length) || 2 ** (bytes.length * 8 - prefix) < index + 2) {
    throw new RangeError(`service subnet "${subnet}" is not a CIDR with room for an address`);
  }
  const network = bytes.map((byte, position) => byte & maskByte(prefix - position * 8));
  network[network.length - 1] = (network.at(-1) ?? 0) + index;
  return formatIpAddress(network) ?? '';
}

function maskByte(bits: number): number {
  return 0xff & (0xff << (8 - Math.min(8, Math.max(0, bits))));
}
