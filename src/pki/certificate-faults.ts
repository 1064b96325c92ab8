import type { CertificateProfile } from '../kubernetes/pki/specification.ts';
import type { CertificateContent } from './read-certificate.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** In what a certificate falls short of its specification. */
export interface CertificateFaults {
  /** With these it does not do its work. */
  readonly broken: readonly string[];
  /** It works, but a newly issued one would be different, or is due. */
  readonly outdated: readonly string[];
}

/** Compares what a certificate says with what it should say, at a time. Who signed it is not looked at. */
export function certificateFaults(
  found: CertificateContent,
  wanted: CertificateProfile,
  { now, renewWithinDays }: { now: Date; renewWithinDays: number },
): CertificateFaults {
  // Rights come from the subject of a client certificate; of a server certificate, clients read the alternative names alone.
  const isClient = wanted.extendedKeyUsages.includes('clientAuth');
  const subject = subjectFaults(found, wanted);
  return {
    broken: [
      ...timeFaults(found, now),
      ...(isClient ? subject : []),
      ...missing('subject alternative name', namesOf(wanted), namesOf(found)),
      ...missing('extended key usage', wanted.extendedKeyUsages, found.extendedKeyUsages),
      ...missing('key usage', ['digitalSignature'], found.keyUsages),
      ...(found.isAuthority ? ['is of an authority'] : []),
    ],
    outdated: [
      ...(isClient ? [] : subject),
      ...surplus('organization', wanted.organizations, found.organizations),
      ...missing(
        'key usage',
        wanted.keyUsages.filter((usage) => usage !== 'digitalSignature'),
        found.keyUsages,
      ),
      ...surplus('subject alternative name', namesOf(wanted), namesOf(found)),
      ...surplus('extended key usage', wanted.extendedKeyUsages, found.extendedKeyUsages),
      ...surplus('key usage', wanted.keyUsages, found.keyUsages),
      ...dueFaults(found, { now, renewWithinDays }),
    ],
  };
}

/** Whether a certificate is not yet or no longer valid. */
export function timeFaults({ notBefore, notAfter }: CertificateContent, now: Date): string[] {
  if (now.getTime() < notBefore.getTime()) return [`is not valid before ${day(notBefore)}`];
  return now.getTime() > notAfter.getTime() ? [`has expired on ${day(notAfter)}`] : [];
}

/** A date for people: UTC, without the time. */
export function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function dueFaults({ notAfter }: CertificateContent, { now, renewWithinDays }: { now: Date; renewWithinDays: number }) {
  const left = notAfter.getTime() - now.getTime();
  if (left < 0 || left > renewWithinDays * DAY_MS) return [];
  return [`ends on ${day(notAfter)}, in ${Math.floor(left / DAY_MS)} days`];
}

function subjectFaults(found: CertificateContent, wanted: CertificateProfile): string[] {
  const inGroups = wanted.organizations.every((name) => found.organizations.includes(name));
  const right = found.commonName === wanted.commonName && inGroups;
  return right ? [] : [`is for ${subjectText(found)}, not for ${subjectText(wanted)}`];
}

function subjectText({ organizations, commonName }: Pick<CertificateProfile, 'organizations' | 'commonName'>): string {
  return [...organizations.map((name) => `O=${name}`), `CN=${commonName}`].join(', ');
}

function namesOf({ dnsNames, ipAddresses }: Pick<CertificateProfile, 'dnsNames' | 'ipAddresses'>): string[] {
  return [...dnsNames, ...ipAddresses];
}

function missing(what: string, wanted: readonly string[], found: readonly string[]): string[] {
  return wanted.filter((item) => !found.includes(item)).map((item) => `lacks ${what} ${item}`);
}

function surplus(what: string, wanted: readonly string[], found: readonly string[]): string[] {
  return found.filter((item) => !wanted.includes(item)).map((item) => `has ${what} ${item} too many`);
}
