import { type Document, isMap, isScalar, type Node, Pair, Scalar, YAMLMap } from 'yaml';
import type { Path } from '../documents/path.ts';
import { API_GROUP, API_VERSION } from './schema/configuration.ts';

export const OLD_VERSION = `${API_GROUP}/v1alpha2`;

/** One thing that migration did. */
export type Change = {
  readonly path: Path;
  /** Where in the text as it was. */
  readonly offset: number;
  readonly message: string;
  /** Whether something that the file said is no longer said. */
  readonly loses: boolean;
};

/**
 * Rewrites a v1alpha2 document as v1alpha3, in place; comments, order and the positions of what stays are kept. Leaves any other document as it
 * is. Returns what changed, in order.
 *
 * v1alpha2 is the original's format of 2.0 to 2.5: each plane is a CIDR itself; until 2.4.1 there was `apiServer` with the address of the API
 * server and keepalived's settings.
 */
export function migrateDocument(document: Document.Parsed): Change[] {
  const root: unknown = document.contents;
  if (!isMap(root)) return [];
  const version = root.get('apiVersion', true) as Node | undefined;
  if (!isScalar(version) || version.value !== OLD_VERSION) return [];
  version.value = API_VERSION;
  const message = `${OLD_VERSION} became ${API_VERSION}`;
  return [
    { path: ['apiVersion'], offset: offsetOf(version), message, loses: false },
    ...migratePlane(root, 'controlPlane'),
    ...migratePlane(root, 'workloadPlane'),
    ...migrateApiServer(root),
  ];
}

function migratePlane(root: YAMLMap, name: string): Change[] {
  const networks: unknown = root.get('networks', true);
  if (!isMap(networks)) return [];
  const plane = networks.get(name, true) as Node | undefined;
  if (plane === undefined || isMap(plane) || (isScalar(plane) && plane.value === null)) return [];
  networks.set(name, mappingOf('cidr', plane));
  const message = `the CIDR moved to networks.${name}.cidr`;
  return [{ path: ['networks', name], offset: offsetOf(plane), message, loses: false }];
}

/** A mapping with one entry, in place of the value: it starts where the value starts. */
function mappingOf(key: string, value: Node): YAMLMap {
  const mapping = new YAMLMap();
  mapping.items.push(new Pair(new Scalar(key), value));
  if (value.range) mapping.range = [...value.range];
  return mapping;
}

function migrateApiServer(root: YAMLMap): Change[] {
  const apiServer: unknown = root.get('apiServer', true);
  if (!isMap(apiServer)) return [];
  const entries = apiServer.items as Pair<Node, Node | null>[];
  const host = entries.find((entry) => nameOf(entry) === 'host');
  const keepalived = entries.find((entry) => nameOf(entry) === 'keepalived');
  if (entries.some((entry) => entry !== host && entry !== keepalived)) return [];
  root.delete('apiServer');
  const managed = isMap(keepalived?.value) && keepalived.value.get('enabled') === true;
  return [
    ...(host ? [moveHost(root, host, managed)] : []),
    ...(keepalived ? [dropKeepalived(keepalived, managed)] : []),
  ];
}

function moveHost(root: YAMLMap, host: Pair<Node, Node | null>, managed: boolean): Change {
  const at = { path: ['apiServer', 'host'], offset: offsetOf(host.key) };
  const controlPlane = root.getIn(['networks', 'controlPlane'], true);
  if (managed || !isMap(controlPlane) || controlPlane.has('endpoint') || host.value === null) {
    const why = managed ? 'it was an address that keepalived held' : 'networks.controlPlane has no room for it';
    const way =
      'once a load balancer or virtual address is in front of the API servers, name it in networks.controlPlane.endpoint';
    return { ...at, message: `removed, since ${why}; ${way}`, loses: true };
  }
  controlPlane.items.push(new Pair(new Scalar('endpoint'), host.value));
  return { ...at, message: 'moved to networks.controlPlane.endpoint', loses: false };
}

function dropKeepalived(keepalived: Pair<Node, Node | null>, managed: boolean): Change {
  const message = managed
    ? 'removed: metalk8s runs no keepalived, so nothing holds its address any more'
    : 'removed: it was not in use';
  return { path: ['apiServer', 'keepalived'], offset: offsetOf(keepalived.key), message, loses: managed };
}

function nameOf({ key }: Pair<Node, Node | null>): unknown {
  return isScalar(key) ? key.value : undefined;
}

function offsetOf(node: Node): number {
  return node.range?.[0] ?? 0;
}
