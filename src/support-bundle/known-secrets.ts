import type { Secrets } from '../errors/secrets.ts';
import type { Host } from '../hosts/host.ts';
import { ENCRYPTION_CONFIGURATION_FILE } from '../kubernetes/pki/encryption-configuration.ts';
import { findFiles } from './find-files.ts';
import { holdsSecrets } from './holds-secrets.ts';

/** Where keys and tokens of a node are. */
const PLACES = ['/etc/kubernetes', '/var/lib/kubelet/pki', '/etc/cni/net.d', '/etc/metalk8s'];

/**
 * Marks the keys and tokens that a host has, so that none of them stays in any text, in whatever form. Gives the files that could not be read: what
 * is in them may stay.
 */
export async function markKnownSecrets(host: Host, secrets: Secrets, stop: AbortSignal): Promise<readonly string[]> {
  const unread: string[] = [];
  for (const path of (await findFiles(host, PLACES, stop)).filter(holdsSecrets)) {
    const text = await host.files.read(path).catch(() => undefined);
    if (text === undefined) unread.push(path);
    else for (const value of secretValues(path, text)) secrets.mark(value);
  }
  return unread;
}

/** The values in a file that holds secrets: private keys, and what kubeconfigs and the encryption configuration have. */
function secretValues(path: string, text: string): readonly string[] {
  const keys = text.match(/-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]+-----END [A-Z ]*PRIVATE KEY-----/g) ?? [];
  const name = path === ENCRYPTION_CONFIGURATION_FILE ? 'secret' : 'client-key-data|token|password';
  const values = [...text.matchAll(new RegExp(`^[\\s-]*(?:${name}):\\s*["']?([^\\s"']+)`, 'gm'))].flatMap(
    ([, value = '']) => [value, ...decoded(value)],
  );
  return [...keys, ...values];
}

/** A key in PEM that stands there in base64. */
function decoded(value: string): readonly string[] {
  const text = /^[A-Za-z0-9+/]+={0,2}$/.test(value) ? Buffer.from(value, 'base64').toString('utf8') : '';
  return text.startsWith('-----BEGIN ') ? [text] : [];
}
