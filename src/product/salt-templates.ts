import type { SaltTemplates } from '../salt/salt-node.ts';
import { readTemplate } from './read-template.ts';

/** The texts that files of nodes are made from which no part of Kubernetes reads. */
export async function saltTemplates(): Promise<SaltTemplates> {
  const [containerd, archiveMount, command] = await Promise.all([
    readTemplate('templates/containerd/config.toml'),
    readTemplate('templates/systemd/archive.mount'),
    readTemplate('templates/host/metalk8s.sh'),
  ]);
  return { containerd, archiveMount, command };
}
