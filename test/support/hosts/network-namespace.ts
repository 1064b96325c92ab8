import { networkNamespace, planeNames } from './addresses.ts';
import { machineTool, machineToolSucceeds } from './machine-tool.ts';

/**
 * Makes the namespace that holds a network's bridges, one a plane, and the machine's own link to each.
 * The bridges are in a namespace of their own so that the machine's firewall and forwarding have no part in the network.
 */
export async function createNetworkNamespace(slot: number, planes: 1 | 2): Promise<void> {
  const namespace = networkNamespace(slot);
  await machineTool(['ip', 'netns', 'add', namespace]);
  // Frames between hosts need not pass the namespace's (empty) IP filters.
  await machineToolSucceeds([
    'ip',
    'netns',
    'exec',
    namespace,
    'sysctl',
    '-qw',
    'net.bridge.bridge-nf-call-iptables=0',
  ]);
  await machineTool(['ip', '-n', namespace, '-batch', '-'], { input: bridgeBatch(slot, planes) });
  await machineTool(['ip', '-batch', '-'], { input: machineLinkBatch(slot, planes) });
  await machineTool(['ip', '-n', namespace, '-batch', '-'], { input: machinePortBatch(slot, planes) });
}

/** Removes the namespace; bridges, ports and the machine's links go with it. */
export async function removeNetworkNamespace(slot: number): Promise<void> {
  for (const { machineLink } of planeNames(slot, 2)) await machineToolSucceeds(['ip', 'link', 'delete', machineLink]);
  await machineToolSucceeds(['ip', 'netns', 'delete', networkNamespace(slot)]);
}

/** Input of `ip -batch` in the network's namespace. */
export function bridgeBatch(slot: number, planes: 1 | 2): string {
  const lines = planeNames(slot, planes).flatMap(({ bridge }) => [
    `link add ${bridge} type bridge stp_state 0 forward_delay 0`,
    `link set ${bridge} up`,
  ]);
  return `${lines.join('\n')}\n`;
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
