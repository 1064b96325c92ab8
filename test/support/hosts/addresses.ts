/**
 * Names and addresses of everything a network is made of follow from its slot (1 to 254) and the host's number (11 to 253):
 * whoever knows the slot can remove all of it.
 */

export const MARK = 'mk8s';
const FIRST_HOST_NUMBER = 11;
const LAST_HOST_NUMBER = 253;
const GATEWAY_NUMBER = 254;
export const SLOTS = Array.from({ length: 254 }, (_, index) => index + 1);

/** First two bytes of the addresses of each plane: control plane, workload plane. */
const PLANE_PREFIXES = ['172.29', '172.30'] as const;

/** 0: control plane, 1: workload plane. */
export type Plane = 0 | 1;

export interface PlaneNames {
  readonly plane: Plane;
  /** Bridge in the network's namespace. */
  readonly bridge: string;
  /** The machine's own link to the bridge, and the name of its other end. */
  readonly machineLink: string;
  readonly machinePort: string;
  readonly subnet: string;
  /** The machine's address in the plane. */
  readonly machineAddress: string;
}

interface HostPort {
  readonly plane: Plane;
  /** The end in the network's namespace. */
  readonly port: string;
  /** The end in the host. */
  readonly device: string;
  readonly address: string;
  readonly mac: string;
}

export interface HostNames {
  /** Name for systemd-nspawn. */
  readonly machine: string;
  readonly cgroup: string;
  readonly ports: readonly HostPort[];
}

/** Name of the network namespace that holds a network's bridges. */
export function networkNamespace(slot: number): string {
  return `${MARK}${slot}`;
}

export function planeNames(slot: number, planes: 1 | 2): PlaneNames[] {
  return planesOf(planes).map((plane) => ({
    plane,
    bridge: `plane${plane}`,
    machineLink: `${MARK}${slot}p${plane}`,
    machinePort: `machine${plane}`,
    subnet: `${PLANE_PREFIXES[plane]}.${slot}.0/24`,
    machineAddress: `${PLANE_PREFIXES[plane]}.${slot}.1`,
  }));
}

export function hostNames({ slot, planes, number }: { slot: number; planes: 1 | 2; number: number }): HostNames {
  const ports = planesOf(planes).map((plane) => ({
    plane,
    port: `h${number}p${plane}`,
    device: `eth${plane}`,
    address: `${PLANE_PREFIXES[plane]}.${slot}.${number}`,
    mac: `02:6d:38:${[slot, plane, number].map((part) => part.toString(16).padStart(2, '0')).join(':')}`,
  }));
  return { machine: `${MARK}${slot}-h${number}`, cgroup: `${MARK}-${slot}-h${number}`, ports };
}

/**
 * The router of a network, in its control plane: hosts have it as default route and name server, as machines at a site without the
 * Internet have, and it answers at once that whatever is behind it cannot be reached.
 */
export function gatewayAddress(slot: number): string {
  return `${PLANE_PREFIXES[0]}.${slot}.${GATEWAY_NUMBER}`;
}

/** The lowest free host number of a network. Throws when all are taken. */
export function freeHostNumber(taken: readonly number[]): number {
  for (let number = FIRST_HOST_NUMBER; number <= LAST_HOST_NUMBER; number++) {
    if (!taken.includes(number)) return number;
  }
  throw new Error(`a test network holds at most ${LAST_HOST_NUMBER - FIRST_HOST_NUMBER + 1} hosts`);
}

/** The slots whose subnets share no address with any of the given IPv4 networks (`a.b.c.d/n`, or an address). */
export function slotsClearOf(networks: readonly string[]): number[] {
  return SLOTS.filter((slot) =>
    planeNames(slot, 2).every(({ subnet }) => networks.every((network) => !overlaps(subnet, network))),
  );
}

function overlaps(one: string, other: string): boolean {
  const [a, b] = [parseNetwork(one), parseNetwork(other)];
  const bits = Math.min(a.bits, b.bits);
  return bits === 0 || a.address >>> (32 - bits) === b.address >>> (32 - bits);
}

function parseNetwork(text: string): { address: number; bits: number } {
  const [address = '', bits = '32'] = text.split('/');
  const bytes = address.split('.').map(Number);
  return { address: bytes.reduce((sum, byte) => ((sum << 8) | byte) >>> 0, 0), bits: Number(bits) };
}

function planesOf(planes: 1 | 2): Plane[] {
  return planes === 1 ? [0] : [0, 1];
}
