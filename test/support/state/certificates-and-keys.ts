import { describePki, type PkiDescription } from '../kubeadm/describe-pki.ts';
import type { FileRecord } from '../kubeadm/sandbox/protocol.ts';
import { renamedFiles } from './normalisations.ts';
import type { RawFile } from './normalise-state.ts';

/** What certificates and keys of a host are and who signed what, in files of their own, in pairs, and in kubeconfigs. */
export function certificatesAndKeys(files: readonly RawFile[]): PkiDescription {
  return describePki(files.flatMap(recordsOf));
}

function recordsOf({ path, type, mode, owner, modifiedAt, text }: RawFile): FileRecord[] {
  if (type !== 'f' || text === undefined) return [];
  const name = renamedFiles.reduce((result, { pattern, as }) => result.replace(pattern, as), path);
  const record = { type: 'file', mode, owner, modifiedAt } as const;
  if (!name.endsWith('.pem')) return [{ ...record, path: name, content: text }];
  // The kubelet keeps a certificate and its key in one file.
  const [key = ''] = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]+-----END [A-Z ]*PRIVATE KEY-----\n?/.exec(text) ?? [];
  return [
    { ...record, path: `${name}.crt`, content: text.replace(key, '') },
    { ...record, path: `${name}.key`, content: key },
  ];
}
