import type { NodeFile } from '../kubernetes/node-file.ts';
import { rootFile } from '../kubernetes/root-file.ts';

/** Modules that containers and their network need before anything asks for them by itself. */
export const kernelModules = ['overlay', 'br_netfilter'] as const;

/** What kubeadm's preflight asks for; whatever else the kubelet and kube-proxy need, they set themselves. */
export const kernelSettings = [
  { name: 'net.ipv4.ip_forward', value: '1' },
  { name: 'net.bridge.bridge-nf-call-iptables', value: '1' },
  { name: 'net.bridge.bridge-nf-call-ip6tables', value: '1' },
] as const;

export const KERNEL_SETTINGS_FILE = '/etc/sysctl.d/60-metalk8s.conf';

/** The files by which both are there after the next start of the host, see modules-load.d(5) and sysctl.d(5). */
export function kernelFiles(): { readonly modules: NodeFile; readonly settings: NodeFile } {
  const lines = kernelSettings.map(({ name, value }) => `${name} = ${value}\n`);
  return {
    modules: { ...rootFile('/etc/modules-load.d/metalk8s.conf', 0o644), content: `${kernelModules.join('\n')}\n` },
    settings: { ...rootFile(KERNEL_SETTINGS_FILE, 0o644), content: lines.join('') },
  };
}
