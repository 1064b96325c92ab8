import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NodeTemplates } from '../../../src/kubernetes/node-files.ts';
import type { Template } from '../../../src/templates/fill.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** The templates as the product has them. */
export async function nodeTemplates(): Promise<NodeTemplates> {
  const [apiserverProxy, kubeletDropIn] = await Promise.all([
    template('templates/nginx/apiserver-proxy.conf'),
    template('templates/systemd/10-kubeadm.conf'),
  ]);
  return { apiserverProxy, kubeletDropIn };
}

async function template(name: string): Promise<Template> {
  return { name, text: await readFile(join(ROOT, name), 'utf8') };
}
