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

/** nftables rules on frames that come from a host's link, and on those that go to it. */
interface Rules {
  readonly from?: readonly string[];
  readonly to?: readonly string[];
}

export function linkFaults(host: Linked): LinkFaults {
  const filter = (plane: Plane, rules: Rules) => addFilter(host.slot, portOf(host, plane).port, rules);
  return {
    cutLink: (plane = 0) => filter(plane, { from: ['drop'], to: ['drop'] }),
    losePackets: ({ percent, plane = 0 }) => {
      const chance = `numgen random mod 1000 < ${Math.round(percent * 10)} drop`;
      return filter(plane, { from: [chance], to: [chance] });
    },
    dropPort: ({ port, protocol = 'tcp', plane = 0 }) => {
      return filter(plane, { to: [`ip protocol ${protocol} ${protocol} dport ${port} drop`] });
    },
    slowLink: (options) => slowLink(host, options),
  };
}

/** The nftables ruleset of one fault of a link, in a table of its own; tables that drop add up. */
export function filterRuleset(table: string, link: string, { from = [], to = [] }: Rules): string {
  // These two hooks see all frames: those between links, and those from and to the gateway.
  const chains = [
    ...chain(
      'prerouting',
      from.map((rule) => `iifname "${link}" ${rule}`),
    ),
    ...chain(
      'postrouting',
      to.map((rule) => `oifname "${link}" ${rule}`),
    ),
  ];
  return [`table bridge ${table} {`, ...chains.map((line) => `  ${line}`), '}', ''].join('\n');
}

function chain(hook: 'prerouting' | 'postrouting', rules: readonly string[]): string[] {
  const lines = [`type filter hook ${hook} priority 0; policy accept;`, ...rules];
  return [`chain ${hook} {`, ...lines.map((line) => `  ${line}`), '}'];
}

async function addFilter(slot: number, link: string, rules: Rules): Promise<Fault> {
  const table = `fault_${randomBytes(6).toString('hex')}`;
  const nft = ['ip', 'netns', 'exec', networkNamespace(slot), 'nft'] as const;
  await machineTool([...nft, '--file', '-'], { input: filterRuleset(table, link, rules) });
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
