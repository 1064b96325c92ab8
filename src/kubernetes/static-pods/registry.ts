import type { RegistryServer } from '../../registry/server-holes.ts';
import type { ClusterNode } from '../cluster-node.ts';
import { listeners } from '../listeners.ts';
import { digestOfFiles, type NodeFile } from '../node-file.ts';
import { rootFile } from '../root-file.ts';
import { nginxPod } from './nginx-pod.ts';
import { MANIFESTS_DIRECTORY, type Pod } from './pod.ts';

/** Where archives are mounted, each below a folder named by its version. */
export const ARCHIVES_DIRECTORY = '/srv/metalk8s';

export const REGISTRY_CONFIGURATION = '/etc/metalk8s/registry.conf';
export const REGISTRY_MANIFEST = `${MANIFESTS_DIRECTORY}/registry.yaml`;
const CERTIFICATES = '/etc/metalk8s/pki';
const STATE = '/run/registry';

/** What the registry's configuration has to say of this node. */
export function registryServer({ advertiseAddress }: ClusterNode): RegistryServer {
  return {
    listen: [{ address: advertiseAddress, port: listeners.registry.port }],
    tls: { certificate: `${CERTIFICATES}/registry.crt`, key: `${CERTIFICATES}/registry.key` },
    stateDirectory: STATE,
  };
}

/** The file of what `registryConfiguration` makes for {@link registryServer}. */
export function registryConfigurationFile(nginx: string): NodeFile {
  return { ...rootFile(REGISTRY_CONFIGURATION, 0o644), content: nginx };
}

/**
 * The static pod of the registry, with what it reads. nginx' first process reads the key as root, makes its folders and gives up being
 * root for the processes that answer: that is what its capabilities are for.
 */
export function registryPod({ advertiseAddress, cluster }: ClusterNode, configuration: NodeFile): Pod {
  return nginxPod({
    name: 'registry',
    image: cluster.images.nginx,
    configuration: configuration.path,
    digest: digestOfFiles([configuration]),
    state: STATE,
    volumes: [
      { name: 'configuration', path: configuration.path, type: 'File', readOnly: true },
      { name: 'certificates', path: CERTIFICATES, type: 'Directory', readOnly: true },
      { name: 'archives', path: ARCHIVES_DIRECTORY, type: 'Directory', readOnly: true },
    ],
    mountsShowUp: ['archives'],
    port: listeners.registry.port,
    health: { host: advertiseAddress, path: '/v2/', scheme: 'HTTPS' },
    requests: { cpu: '50m', memory: '64Mi' },
    capabilities: ['CHOWN', 'SETGID', 'SETUID'],
  });
}
