import { type JsonObject, jsonObjects, objectsOf, textOf } from './json-objects.ts';
import type { Route } from './observed-host.ts';

/** Reads what `ip -json -4 route show` printed: the routes of the main table, one for each next hop. */
export function readRoutes(text: string | null): readonly Route[] {
  return jsonObjects(text).flatMap((item) => {
    const destination = destinationOf(item);
    if (destination === undefined) return [];
    const hops = objectsOf(item.nexthops);
    const type = textOf(item.type) ?? 'unicast';
    return (hops.length === 0 ? [item] : hops).map(({ gateway, dev }) => ({
      destination,
      gateway: textOf(gateway) ?? null,
      device: textOf(dev) ?? null,
      type,
    }));
  });
}

function destinationOf({ dst }: JsonObject): string | undefined {
  if (typeof dst !== 'string') return undefined;
  if (dst === 'default') return '0.0.0.0/0';
  return dst.includes('/') ? dst : `${dst}/32`;
}
