import { existsSync } from 'node:fs';
import { gatewayAddress, networkNamespace, planeNames } from './addresses.ts';
import { machineTool, machineToolSucceeds } from './machine-tool.ts';

/**
 * Makes the namespace that holds a network's bridges, one a plane, and the machine's own link to each.
 * The bridges are in a namespace of their own so that the machine's firewall and forwarding have no part in the network.
 */
export async function createNetworkNamespace(slot: number, planes: 1 | 2): Promise<void> {
  const namespace = networkNamespace(slot);
  await machineTool(['ip', 'netns', 'add', namespace]);
  // The gateway says that it cannot forward, instead of saying nothing, and each time: after a name server of a cluster has asked, the kernel
  // would say it once a second, and all others would wait for their time-outs.
  const answering = ['net.ipv4.ip_forward=1', 'net.ipv4.icmp_ratelimit=0'];
  await machineTool(['ip', 'netns', 'exec', namespace, 'sysctl', '-qw', ...answering]);
  // Frames between hosts need not pass the namespace's (empty) IP filters; the setting is there once br_netfilter is.
  const setting = 'net.bridge.bridge-nf-call-iptables=0';
  await machineToolSucceeds(['ip', 'netns', 'exec', namespace, 'sysctl', '-qw', setting]);
  await machineTool(['ip', '-n', namespace, '-batch', '-'], { input: bridgeBatch(slot, planes) });
  await machineTool(['ip', '-batch', '-'], { input: machineLinkBatch(slot, planes) });
  await machineTool(['ip', '-n', namespace, '-batch', '-'], { input: machinePortBatch(slot, planes) });
}

/** Removes the namespace; bridges, ports and the machine's links go with it. Throws when it is still there, as when `ip` was killed at it. */
export async function removeNetworkNamespace(slot: number): Promise<void> {
  for (const { machineLink } of planeNames(slot, 2)) await machineToolSucceeds(['ip', 'link', 'delete', machineLink]);
  const namespace = networkNamespace(slot);
  const deleted = await machineToolSucceeds(['ip', 'netns', 'delete', namespace]);
  if (!deleted && existsSync(`/run/netns/${namespace}`))
    throw new Error(`network namespace ${namespace} is still there`);
}

/** Input of `ip -batch` in the network's namespace. */
export function bridgeBatch(slot: number, planes: 1 | 2): string {
  const lines = planeNames(slot, planes).flatMap(({ bridge }) => [
    `link add ${bridge} type bridge stp_state 0 forward_delay 0`,
    `link set ${bridge} up`,
  ]);
  const gateway = [`addr add ${gatewayAddress(slot)}/24 dev plane0`, 'route add unreachable default'];
  return `${[...lines, ...gateway].join('\n')}\n`;
}

/** Input of `ip -batch` on the machine, after the bridges are there. */
export function machineLinkBatch(slot: number, planes: 1 | 2): string {
  const namespace = networkNamespace(slot);
  const lines = planeNames(slot, planes).flatMap(({ machineLink, machinePort, machineAddress }) => [
    `link add ${machineLink} type veth peer name ${machinePort} netns ${namespace}`,
    `addr add ${machineAddress}/24 dev ${machineLink}`,
    `link set ${machineLink} up`,
  ]);
  return `${lines.join('\n')}\n`;
}

/** Input of `ip -batch` in the network's namespace, after the machine's links are there. */
export function machinePortBatch(slot: number, planes: 1 | 2): string {
  const lines = planeNames(slot, planes).map(
    ({ machinePort, bridge }) => `link set ${machinePort} master ${bridge} up`,
  );
  return `${lines.join('\n')}\n`;
}
