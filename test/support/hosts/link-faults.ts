import { randomBytes } from 'node:crypto';
import { type HostNames, networkNamespace, type Plane } from './addresses.ts';
import { inHostNetwork } from './keeper.ts';
import { machineTool, machineToolSucceeds } from './machine-tool.ts';
import type { Fault } from './types.ts';

/** Faults of the cables of a host. They act between the host and its bridge: on what leaves or reaches the host, not within it. */
export interface LinkFaults {
  /** Nothing passes, either way. `plane` is the control plane (0) when not given. */
  cutLink(plane?: Plane): Promise<Fault>;
  /** Slows the link to this rate, each way; what queues waits up to a second, then is dropped. A reboot of the host ends it. */
  slowLink(options: { readonly kbitPerSecond: number; readonly plane?: Plane }): Promise<Fault>;
  /** Loses this share of the packets (0 to 100), each way. */
  losePackets(options: { readonly percent: number; readonly plane?: Plane }): Promise<Fault>;
  /** Drops what others send to a port of this host; they wait for an answer. `protocol` is tcp when not given. */
  dropPort(options: {
    readonly port: number;
    readonly protocol?: 'tcp' | 'udp';
    readonly plane?: Plane;
  }): Promise<Fault>;
}

interface Linked {
  readonly slot: number;
  readonly names: HostNames;
  readonly directory: string;
}

export function linkFaults(host: Linked): LinkFaults {
  const filter = (plane: Plane, rules: (port: string) => string[]) =>
    addFilter(host.slot, rules(portOf(host, plane).port));
  return {
    cutLink: (plane = 0) => filter(plane, (port) => bothWays(port, 'drop')),
    losePackets: ({ percent, plane = 0 }) => {
      return filter(plane, (port) => bothWays(port, `numgen random mod 1000 < ${Math.round(percent * 10)} drop`));
    },
    dropPort: ({ port, protocol = 'tcp', plane = 0 }) => {
      return filter(plane, (link) => [`oifname "${link}" ip protocol ${protocol} ${protocol} dport ${port} drop`]);
    },
    slowLink: (options) => slowLink(host, options),
  };
}

/** The nftables ruleset of one fault, in a table of its own; filters that drop add up. */
export function filterRuleset(table: string, rules: readonly string[]): string {
  const lines = ['type filter hook forward priority 0; policy accept;', ...rules].map((rule) => `    ${rule}`);
  return `table bridge ${table} {\n  chain forward {\n${lines.join('\n')}\n  }\n}\n`;
}

function bothWays(port: string, verdict: string): string[] {
  return [`iifname "${port}" ${verdict}`, `oifname "${port}" ${verdict}`];
}

async function addFilter(slot: number, rules: readonly string[]): Promise<Fault> {
  const table = `fault_${randomBytes(6).toString('hex')}`;
  const nft = ['ip', 'netns', 'exec', networkNamespace(slot), 'nft'] as const;
  await machineTool([...nft, '--file', '-'], { input: filterRuleset(table, rules) });
  return { undo: async () => void (await machineToolSucceeds([...nft, 'delete', 'table', 'bridge', table])) };
}

/** By a token bucket at both ends. Delay alone, without a lower rate, needs netem, which not every kernel has. */
async function slowLink(
  host: Linked,
  { kbitPerSecond, plane = 0 }: { readonly kbitPerSecond: number; readonly plane?: Plane },
): Promise<Fault> {
  const { port, device } = portOf(host, plane);
  const ends = [
    { qdisc: ['ip', 'netns', 'exec', networkNamespace(host.slot), 'tc', 'qdisc'], link: port },
    { qdisc: [...(await inHostNetwork(host.directory)), 'tc', 'qdisc'], link: device },
  ] as const;
  const bucket = ['rate', `${kbitPerSecond}kbit`, 'burst', '16kb', 'latency', '1s'];
  for (const { qdisc, link } of ends) {
    await machineTool([qdisc[0], ...qdisc.slice(1), 'add', 'dev', link, 'root', 'tbf', ...bucket]);
  }
  return {
    undo: async () => {
      for (const { qdisc, link } of ends)
        await machineToolSucceeds([qdisc[0], ...qdisc.slice(1), 'delete', 'dev', link, 'root']);
    },
  };
}

function portOf({ names }: Linked, plane: Plane) {
  const port = names.ports[plane];
  if (port === undefined) throw new Error(`${names.machine} has no link in plane ${plane}: its network has one plane`);
  return port;
}
