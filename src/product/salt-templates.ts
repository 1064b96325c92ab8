import type { SaltTemplates } from '../salt/salt-node.ts';
import { readTemplate } from './read-template.ts';

/** The texts that files of nodes are made from which no part of Kubernetes reads. */
export async function saltTemplates(): Promise<SaltTemplates> {
  const [containerd, archiveMount] = await Promise.all([
    readTemplate('templates/containerd/config.toml'),
    readTemplate('templates/systemd/archive.mount'),
  ]);
  return { containerd, archiveMount };
}
