import {
  type CertificateDescription,
  describeCertificate,
  describeKey,
  type KeyDescription,
} from './describe-certificate.ts';
import type { FileRecord } from './sandbox/protocol.ts';

/** `pki.yaml`: certificates and keys by path; those inside a kubeconfig under the kubeconfig's path. */
export interface PkiDescription {
  readonly certificates: Readonly<Record<string, CertificateDescription>>;
  readonly keys: Readonly<Record<string, KeyDescription>>;
}

/** Certificates of a host in PEM by path: files, and what its kubeconfigs hold. */
export function certificatesOf(files: readonly FileRecord[]): Map<string, string> {
  return pemOf(files, /\.crt$/, 'client-certificate-data');
}

/** Describes all certificates and keys among a host's files. */
export function describePki(files: readonly FileRecord[]): PkiDescription {
  const certificates = certificatesOf(files);
  const keys = pemOf(files, /\.(?:key|pub)$/, 'client-key-data');
  const issuers = new Map([...certificates].filter(([path]) => path.endsWith('ca.crt')));
  const writtenAt = new Map(files.map((file) => [file.path, file.modifiedAt]));
  return {
    certificates: describeAll(certificates, (pem, path) =>
      describeCertificate(pem, { issuers, writtenAt: writtenAt.get(path) ?? 0 }),
    ),
    keys: describeAll(keys, (pem, path) => {
      const others = [...certificates, ...[...keys].filter(([other]) => other !== path)];
      return describeKey(pem, new Map(others));
    }),
  };
}

function describeAll<Description>(
  pems: ReadonlyMap<string, string>,
  describe: (pem: string, path: string) => Description,
): Record<string, Description> {
  return Object.fromEntries([...pems].map(([path, pem]) => [path, describe(pem, path)]));
}

function pemOf(files: readonly FileRecord[], name: RegExp, field: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const { path, content } of files) {
    if (content === undefined) continue;
    if (name.test(path)) found.set(path, content);
    const embedded = path.endsWith('.conf') ? new RegExp(`${field}: (\\S+)`).exec(content)?.[1] : undefined;
    if (embedded !== undefined) found.set(path, Buffer.from(embedded, 'base64').toString());
  }
  return found;
}
