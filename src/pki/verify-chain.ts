import { timeFaults } from './certificate-faults.ts';
import type { CertificateContent } from './read-certificate.ts';

/**
 * Why the first of some certificates is not trusted by an authority; undefined when it is, directly or through the others, which are
 * intermediate authorities in any order.
 */
export function chainFault(
  [leaf, ...intermediates]: readonly [CertificateContent, ...CertificateContent[]],
  authority: CertificateContent,
  now: Date,
): string | undefined {
  const usable = intermediates.filter((one) => one.isAuthority && timeFaults(one, now).length === 0);
  let current = leaf;
  // Each certificate is used once, so a circle of them ends as well.
  for (let left = usable; ; left = left.filter((one) => one !== current)) {
    if (isIssuedBy(current, authority)) return undefined;
    const next = left.find((one) => isIssuedBy(current, one));
    if (!next) return `is not signed by ${authority.x509.subject.replaceAll('\n', ', ')}`;
    current = next;
  }
}

function isIssuedBy({ x509 }: CertificateContent, issuer: CertificateContent): boolean {
  return x509.checkIssued(issuer.x509) && x509.verify(issuer.x509.publicKey);
}
