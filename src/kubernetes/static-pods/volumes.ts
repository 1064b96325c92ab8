import type { HostFacts } from '../cluster-node.ts';
import { PKI_DIRECTORY } from '../pki/authorities.ts';
import { byName, type HostVolume } from './component.ts';

/** The cluster's certificates and keys, and the host's own trust, as kubeadm mounts them. */
export function certificateVolumes({ certificateDirectories }: HostFacts): readonly HostVolume[] {
  return [
    readOnlyDirectory('ca-certs', '/etc/ssl/certs'),
    readOnlyDirectory('k8s-certs', PKI_DIRECTORY),
    ...certificateDirectories.map((path) => readOnlyDirectory(path.slice(1).replaceAll('/', '-'), path)),
  ].sort(byName);
}

/** The kubeconfig of a component, as kubeadm mounts it. */
export function kubeconfigVolume(path: string): HostVolume {
  return { name: 'kubeconfig', path, type: 'FileOrCreate', readOnly: true };
}

function readOnlyDirectory(name: string, path: string): HostVolume {
  return { name, path, type: 'DirectoryOrCreate', readOnly: true };
}
