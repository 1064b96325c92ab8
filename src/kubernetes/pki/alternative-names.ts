import { canonicalIpAddress } from './ip-address.ts';

export interface AlternativeNames {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
}

/**
 * Subject alternative names as kubeadm writes them: DNS names sorted, addresses in the order given, each once.
 * Throws for a text that is neither an address nor a DNS name (a leading `*.` is allowed); kubeadm would drop it with a warning.
 */
export function alternativeNames(names: readonly string[]): AlternativeNames {
  const dnsNames = new Set<string>();
  const ipAddresses = new Set<string>();
  for (const name of names) {
    const address = canonicalIpAddress(name);
    if (address !== undefined) ipAddresses.add(address);
    else if (isDnsName(name)) dnsNames.add(name);
    else throw new RangeError(`"${name}" is neither an IP address nor a DNS name in lower case`);
  }
  return { dnsNames: [...dnsNames].sort(), ipAddresses: [...ipAddresses] };
}

/** A subdomain as RFC 1123 has it, in lower case, or a wildcard for one. */
function isDnsName(name: string): boolean {
  const label = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
  return name.length <= 253 && new RegExp(`^(?:\\*\\.)?${label}(?:\\.${label})*$`).test(name);
}
