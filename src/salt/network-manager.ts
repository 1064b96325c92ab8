import type { NodeDirectory, NodeFile } from '../kubernetes/node-file.ts';
import { rootFile } from '../kubernetes/root-file.ts';

/** Interfaces that Calico makes: of pods, of tunnels, and of WireGuard. Its own documentation has NetworkManager leave these alone. */
const CALICO = ['cali*', 'tunl*', 'vxlan.calico', 'vxlan-v6.calico', 'wireguard.cali', 'wg-v6.cali'] as const;

/** Not there on hosts that were set up without NetworkManager. */
const FOLDERS = ['/etc/NetworkManager', '/etc/NetworkManager/conf.d'] as const;

/**
 * By which NetworkManager leaves the interfaces of the network plugin alone, see NetworkManager.conf(5); nothing for a plugin that is not
 * ours. Without, it asks for addresses on each interface of a pod.
 */
export function networkManagerFiles(cni: 'calico' | 'none'): {
  readonly directories: readonly NodeDirectory[];
  readonly files: readonly NodeFile[];
} {
  if (cni === 'none') return { directories: [], files: [] };
  const devices = CALICO.map((name) => `interface-name:${name}`).join(';');
  // The list is for interfaces that are there already, but a later file may replace it. The section holds for those to come, whatever others
  // say of the list.
  const content = `[keyfile]
unmanaged-devices+=${devices}

[device-metalk8s-calico]
match-device=${devices}
managed=0
`;
  return {
    directories: FOLDERS.map((path) => ({ path, mode: 0o755, user: 'root', group: 'root' })),
    files: [{ ...rootFile('/etc/NetworkManager/conf.d/50-metalk8s.conf', 0o644), content }],
  };
}
