import { inGroups } from './answers.ts';
import type { AddressProbe } from './observed-host.ts';

/**
 * Of each address that other machines were asked about: the interface, the address, and what `arping -D` of iputils printed (RFC 5227, section
 * 2.1.1): replies, and requests of a machine that says the address is its own. Its exit status says less: it is the same for an answer as for
 * probes that could not be sent.
 */
export function readAddressProbes(fields: readonly string[]): readonly AddressProbe[] {
  return inGroups(fields, 3).map(([device = '', address = '', printed = '']) => {
    const answers = [...printed.matchAll(/^(?:Uni|Broad)cast (?:reply|request) from (\S+) \[([0-9A-Fa-f:]+)\]/gm)];
    const heldBy = answers.flatMap(([, from, mac = '']) => (from === address ? [mac.toLowerCase()] : []));
    const asked = /^Sent [1-9]\d* probes /m.test(printed);
    return { address, device, heldBy: asked ? [...new Set(heldBy)] : null };
  });
}
