import type { KeyObject } from 'node:crypto';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { FileStore } from '../hosts/file-store.ts';
import type { AuthorityReference } from '../kubernetes/pki/specification.ts';
import { timeFaults } from './certificate-faults.ts';
import { readPrivateKey } from './private-key.ts';
import { type CertificateContent, readCertificates } from './read-certificate.ts';

/** An authority that may be relied upon. */
export interface Authority {
  readonly certificate: CertificateContent;
  /** PEM of that certificate alone, also when the file has several. */
  readonly pem: string;
  /** Undefined for an authority whose key is kept elsewhere. */
  readonly key: KeyObject | undefined;
}

/**
 * Reads an authority; undefined when its certificate is not there. Throws a MetalK8sError that names the file when it is not what an
 * authority must be, for a new one in its place would cut off everything that trusts it.
 */
export async function loadAuthority(
  store: FileStore,
  { certificatePath, keyPath }: AuthorityReference,
  now: Date,
): Promise<Authority | undefined> {
  const text = await store.read(certificatePath);
  if (text === undefined) return undefined;
  const certificate = readAuthorityCertificate(text, certificatePath, now);
  const keyText = await store.read(keyPath);
  const key = keyText === undefined ? undefined : readAuthorityKey(keyText, keyPath);
  if (key && !certificate.x509.checkPrivateKey(key)) {
    throw new MetalK8sError('DIFFERS', `does not belong to the authority's certificate ${certificatePath}`, {
      where: keyPath,
      hint: `Put back the key that belongs to ${certificatePath}. If that key is kept elsewhere, remove ${keyPath}.`,
    });
  }
  return { certificate, pem: certificate.x509.toString(), key };
}

/** The first certificate of a text, when it may act as an authority now. */
function readAuthorityCertificate(text: string, path: string, now: Date): CertificateContent {
  const certificate = readCertificates(text)?.[0];
  const faults = certificate ? authorityFaults(certificate, now) : ['is not a certificate in PEM'];
  if (certificate && faults.length === 0) return certificate;
  throw new MetalK8sError('DIFFERS', `the certificate of an authority ${faults.join(' and ')}`, {
    where: path,
    hint: certificate
      ? 'It is never replaced by itself, because everything it has signed would be refused: replace it as the guide on authorities says.'
      : `Put back the certificate, from a backup or another control plane.`,
  });
}

/** The key of an authority. Throws a MetalK8sError that names its file and holds none of its content. */
export function readAuthorityKey(text: string, path: string): KeyObject {
  const found = readPrivateKey(text);
  if ('key' in found) return found.key;
  throw new MetalK8sError('DIFFERS', `the key of an authority ${found.fault}`, {
    where: path,
    hint: 'Put back the key, from a backup or another control plane, as PEM without a passphrase. Remove the file if the key is kept elsewhere.',
  });
}

function authorityFaults(certificate: CertificateContent, now: Date): string[] {
  const { isAuthority, keyUsages, x509 } = certificate;
  const maySign = isAuthority && (keyUsages.length === 0 || keyUsages.includes('keyCertSign'));
  const isSelfIssued = x509.checkIssued(x509);
  return [
    ...(maySign ? [] : ['may not sign other certificates']),
    ...(isSelfIssued && !x509.verify(x509.publicKey) ? ['has been altered: its signature is wrong'] : []),
    ...timeFaults(certificate, now),
  ];
}
