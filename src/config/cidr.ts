/** An IPv4 network: `network` is its lowest address as an unsigned 32-bit number, `prefix` its length, 0 to 32. */
export type Cidr = { readonly network: number; readonly prefix: number };

const OCTET = '(0|[1-9][0-9]{0,2})';
const ADDRESS = new RegExp(`^${OCTET}\\.${OCTET}\\.${OCTET}\\.${OCTET}$`);

/**
 * Reads four decimal octets without leading zeros, as Go's net/netip does; undefined for anything else. (A leading zero means octal to some
 * programs and nothing to others.)
 */
export function parseAddress(text: string): number | undefined {
  const octets = ADDRESS.exec(text)?.slice(1).map(Number);
  if (octets === undefined || octets.some((octet) => octet > 255)) return undefined;
  return octets.reduce((address, octet) => address * 256 + octet, 0);
}

/** Writes an unsigned 32-bit number as four octets. */
export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

/** Reads ADDRESS/PREFIX; undefined when it is not one. Bits beyond the prefix are cleared: compare with formatCidr to find them. */
export function parseCidr(text: string): Cidr | undefined {
  const [, address = '', digits = ''] = /^([^/]+)\/(0|[1-9][0-9]?)$/.exec(text) ?? [];
  const number = parseAddress(address);
  const prefix = Number(digits);
  if (number === undefined || digits === '' || prefix > 32) return undefined;
  return { network: number - (number % addressCount(prefix)), prefix };
}

export function formatCidr(cidr: Cidr): string {
  return `${formatAddress(cidr.network)}/${cidr.prefix}`;
}

/** How many addresses a prefix of this length holds, network and broadcast address included. */
export function addressCount(prefix: number): number {
  return 2 ** (32 - prefix);
}

export function containsAddress(cidr: Cidr, address: number): boolean {
  return address >= cidr.network && address < cidr.network + addressCount(cidr.prefix);
}

/** Whether two networks share an address; networks that do are nested or equal. */
export function overlap(one: Cidr, other: Cidr): boolean {
  return containsAddress(one, other.network) || containsAddress(other, one.network);
}

/**
 * The address with this index, counted from the network's lowest, as kubeadm counts them: 1 is the API server's Service, 10 the DNS server's.
 * Undefined beyond the end.
 */
export function addressAt(cidr: Cidr, index: number): number | undefined {
  return index < addressCount(cidr.prefix) ? cidr.network + index : undefined;
}
