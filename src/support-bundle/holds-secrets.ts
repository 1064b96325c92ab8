import { PKI_DIRECTORY } from '../kubernetes/pki/authorities.ts';
import { ENCRYPTION_CONFIGURATION_FILE } from '../kubernetes/pki/encryption-configuration.ts';
import { saltPaths } from '../salt/paths.ts';

/** Folders of keys. Of the first, certificates are for everybody. */
const KEY_FOLDERS = [
  PKI_DIRECTORY,
  '/var/lib/kubelet/pki',
  '/etc/metalk8s/pki',
  saltPaths.keys,
  `${saltPaths.configuration}/pki`,
];

/** Whether a file may hold keys or tokens, by its path: it is never put into a bundle, not even redacted. */
export function holdsSecrets(path: string): boolean {
  if (path === ENCRYPTION_CONFIGURATION_FILE) return true;
  // Kubeconfigs, such as admin.conf.
  if (/^\/etc\/kubernetes\/[^/]*\.conf$/.test(path)) return true;
  if (KEY_FOLDERS.some((folder) => path.startsWith(`${folder}/`))) return !path.endsWith('.crt');
  return /\.(?:key|pem|p12|pfx|jks|gpg|kdbx)$|kubeconfig|(?:^|\/)(?:id_[a-z0-9]+|\.netrc|\.dockerconfigjson)$/i.test(
    path,
  );
}
