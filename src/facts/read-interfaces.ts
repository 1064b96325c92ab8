import { jsonObjects, numberOf, objectsOf, textOf } from './json-objects.ts';
import type { NetworkInterface } from './observed-host.ts';

/** Reads what `ip -json address show` printed, in the kernel's order. IPv4 addresses alone. */
export function readInterfaces(text: string | null): readonly NetworkInterface[] {
  return jsonObjects(text).flatMap((item) => {
    const name = textOf(item.ifname);
    if (name === undefined) return [];
    const flags = Array.isArray(item.flags) ? item.flags : [];
    const addresses = objectsOf(item.addr_info).flatMap(({ family, local, prefixlen }) =>
      family === 'inet' && typeof local === 'string' && typeof prefixlen === 'number' ? [`${local}/${prefixlen}`] : [],
    );
    const up = flags.includes('UP') && flags.includes('LOWER_UP');
    return [{ name, up, mtu: numberOf(item.mtu) ?? 0, mac: macOf(item), addresses }];
  });
}

function macOf({ link_type: type, address }: Readonly<Record<string, unknown>>): string | null {
  return type === 'ether' ? (textOf(address) ?? null) : null;
}
