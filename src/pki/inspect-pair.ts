import type { KeyObject } from 'node:crypto';
import type { CertificateProfile } from '../kubernetes/pki/specification.ts';
import { type CertificateFaults, certificateFaults } from './certificate-faults.ts';
import { readPrivateKey } from './private-key.ts';
import { type CertificateContent, readCertificates } from './read-certificate.ts';
import { chainFault } from './verify-chain.ts';

/** Texts of a certificate and its key, as far as they are there. */
export interface PairTexts {
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

export interface PairInspection extends CertificateFaults {
  /** What is not there at all. */
  readonly missing: readonly ('certificate' | 'key')[];
  /** The key, when it is usable, whether or not the certificate is. */
  readonly key: KeyObject | undefined;
  readonly certificate: CertificateContent | undefined;
}

/** Judges a certificate with its key by what it should be and by the authority that should have signed it. */
export function inspectPair(
  texts: PairTexts,
  wanted: CertificateProfile,
  context: { authority: CertificateContent; now: Date; renewWithinDays: number },
): PairInspection {
  const certificates = texts.certificate === undefined ? undefined : readCertificates(texts.certificate);
  const read = texts.key === undefined ? undefined : readPrivateKey(texts.key);
  const key = read && 'key' in read ? read.key : undefined;
  const [certificate] = certificates ?? [];
  const faults = certificate && certificateFaults(certificate, wanted, context);
  const signature = certificates && chainFault(certificates, context.authority, context.now);
  return {
    missing: [
      ...(texts.certificate === undefined ? (['certificate'] as const) : []),
      ...(texts.key === undefined ? (['key'] as const) : []),
    ],
    broken: [
      ...(texts.certificate !== undefined && !certificate ? ['is not a certificate in PEM'] : []),
      ...(signature === undefined ? [] : [signature]),
      ...(faults?.broken ?? []),
      ...(read && 'fault' in read ? [`its key ${read.fault}`] : []),
      ...(key && certificate && !certificate.x509.checkPrivateKey(key) ? ['does not belong to its key'] : []),
    ],
    outdated: faults?.outdated ?? [],
    key,
    certificate,
  };
}
