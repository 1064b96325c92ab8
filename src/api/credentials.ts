import { createSecureContext } from 'node:tls';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { FileStore } from '../hosts/file-store.ts';
import { readKubeconfig } from '../pki/read-kubeconfig.ts';

/** Who asks which server. The key is secret: it goes to TLS, and nowhere else. */
export interface Credentials {
  /** Path of the kubeconfig, for messages. */
  readonly path: string;
  readonly server: URL;
  /** PEM. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/**
 * Reads a kubeconfig as kubeadm writes them: an HTTPS server, its authority, and a client certificate with its key, within it or in the one
 * file that the kubelet renews. Throws a `STEP_FAILED` that names the file and what it lacks, and nothing of what is in it.
 */
export async function readCredentials(files: Pick<FileStore, 'read'>, path: string): Promise<Credentials> {
  const text = await files.read(path);
  if (text === undefined) throw unusable(path, 'it is not there');
  const content = readKubeconfig(text);
  if (content === undefined) throw unusable(path, 'it is no kubeconfig with a current context');
  const client = content.clientFile === undefined ? undefined : await files.read(content.clientFile);
  const { authority, certificate = client, key = client } = content;
  const server = URL.parse(content.server ?? '');
  if (server?.protocol !== 'https:') throw unusable(path, 'it names no server that begins with https://');
  if (authority === undefined) throw unusable(path, 'it has no certificate-authority-data');
  if (certificate === undefined || key === undefined) throw unusable(path, 'it has no client certificate with a key');
  try {
    createSecureContext({ ca: authority, cert: certificate, key });
  } catch {
    // What OpenSSL says of it could quote it.
    throw unusable(path, 'its certificates or its key cannot be read, or do not belong together');
  }
  return { path, server, authority, certificate, key };
}

function unusable(where: string, why: string): MetalK8sError {
  return new MetalK8sError('STEP_FAILED', `The kubeconfig cannot be used: ${why}`, {
    where,
    hint: 'Name a kubeconfig as kubeadm makes them, or have a broken one made anew: remove it and run bootstrap again.',
  });
}
