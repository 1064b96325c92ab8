import { type KeyObject, randomBytes } from 'node:crypto';
import type { CertificateProfile } from '../kubernetes/pki/specification.ts';
import { issueCertificate, type Signer } from './issue-certificate.ts';
import type { CertificateContent } from './read-certificate.ts';

/** A certificate for a key, signed by an authority or, without one, by the key itself; with a serial number of 126 random bits. */
export function signFor(
  profile: CertificateProfile,
  { key, signer, now }: { key: KeyObject; signer?: { certificate: CertificateContent; key: KeyObject }; now: Date },
): string {
  const own: Signer = { certificate: undefined, key };
  return issueCertificate({ profile, key, signer: signer ?? own, serialNumber: randomSerialNumber(), now });
}

/** RFC 5280 wants it positive and of 20 octets at most. The second bit is set, so that no leading octet is zero. */
function randomSerialNumber(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(randomBytes(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}
