import { describePki, type PkiDescription } from '../kubeadm/describe-pki.ts';
import type { FileRecord } from '../kubeadm/sandbox/protocol.ts';
import { leftOutOfCertificates } from './normalisations.ts';
import type { RawFile } from './raw-file.ts';

/** What certificates and keys of a host are and who signed what, in files of their own, in pairs, and in kubeconfigs. */
export function certificatesAndKeys(files: readonly RawFile[]): PkiDescription {
  const { certificates, keys } = describePki(files.flatMap(recordsOf));
  const compared = Object.entries(certificates).map(([path, fields]) => {
    const kept = Object.entries(fields).filter(([field]) => !Object.hasOwn(leftOutOfCertificates, field));
    return [path, Object.fromEntries(kept)];
  });
  return { certificates: Object.fromEntries(compared), keys };
}

function recordsOf({ path, mode, owner, modifiedAt, text }: RawFile): FileRecord[] {
  if (text === undefined) return [];
  const record = { type: 'file', mode, owner, modifiedAt } as const;
  if (!path.endsWith('.pem')) return [{ ...record, path, content: text }];
  // The kubelet keeps a certificate and its key in one file.
  const [key = ''] = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]+-----END [A-Z ]*PRIVATE KEY-----\n?/.exec(text) ?? [];
  return [
    { ...record, path: `${path}.crt`, content: text.replace(key, '') },
    { ...record, path: `${path}.key`, content: key },
  ];
}
