import { renderYaml } from '../render-yaml.ts';
import type { KubeconfigSpecification } from './specification.ts';

/** How the user of a kubeconfig proves who it is: PEM texts that the file shall hold, or the path of a file with both. */
export type KubeconfigClient = { readonly certificate: string; readonly key: string } | { readonly file: string };

/** Final bytes of a kubeconfig, with the layout and the names of kubeadm's. `authority`: the certificate, as PEM. */
export function renderKubeconfig(
  { clusterName, server, user }: KubeconfigSpecification,
  { authority, client }: { authority: string; client: KubeconfigClient },
): string {
  const context = `${user}@${clusterName}`;
  return renderYaml({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: clusterName, cluster: { 'certificate-authority-data': base64(authority), server } }],
    contexts: [{ name: context, context: { cluster: clusterName, user } }],
    'current-context': context,
    users: [{ name: user, user: credentials(client) }],
  });
}

function credentials(client: KubeconfigClient): Record<string, string> {
  if ('file' in client) return { 'client-certificate': client.file, 'client-key': client.file };
  return { 'client-certificate-data': base64(client.certificate), 'client-key-data': base64(client.key) };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
