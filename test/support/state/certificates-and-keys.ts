import { describePki, type PkiDescription } from '../kubeadm/describe-pki.ts';
import type { FileRecord } from '../kubeadm/sandbox/protocol.ts';
import { leftOutOfCertificates, replacedCertificate } from './normalisations.ts';
import type { RawFile } from './raw-file.ts';

/** What certificates and keys of a host are and who signed what, in files of their own, in pairs, and in kubeconfigs. */
export function certificatesAndKeys(files: readonly RawFile[]): PkiDescription {
  const { certificates, keys } = describePki(files.flatMap(recordsOf));
  const compared = Object.entries(certificates).map(([path, fields]) => {
    const kept = Object.entries(fields).filter(([field]) => !Object.hasOwn(leftOutOfCertificates, field));
    return [path, replaced(path, Object.fromEntries(kept))];
  });
  const ownKeys = Object.entries(keys).map(([path, fields]) => [path, replaced(path, { ...fields })]);
  return { certificates: Object.fromEntries(compared), keys: Object.fromEntries(ownKeys) };
}

function replaced(path: string, fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (!replacedCertificate.paths.test(path)) return fields;
  const entries = Object.entries(fields).map(([field, value]) => {
    const alike = replacedCertificate.alike.find((values) => values.some((each) => each === String(value)));
    return [field, alike === undefined ? value : alike.join(' or ')];
  });
  return Object.fromEntries(entries);
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
