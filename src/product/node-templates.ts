import type { NodeTemplates } from '../kubernetes/node-files.ts';
import { readTemplate } from './read-template.ts';

/** The texts that files of nodes are made from. */
export async function nodeTemplates(): Promise<NodeTemplates> {
  const [apiserverProxy, kubeletDropIn] = await Promise.all([
    readTemplate('templates/nginx/apiserver-proxy.conf'),
    readTemplate('templates/systemd/10-kubeadm.conf'),
  ]);
  return { apiserverProxy, kubeletDropIn };
}
