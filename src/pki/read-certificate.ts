import { X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  type Extension,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  KeyUsage as KeyUsageBits,
  KeyUsageFlags,
  type Name,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
} from '@peculiar/asn1-x509';
import { canonicalIpAddress } from '../kubernetes/pki/ip-address.ts';
import { type KeyUsage, keyUsages } from '../kubernetes/pki/specification.ts';
import { COMMON_NAME, extendedKeyUsageOids, ORGANIZATION } from './object-identifiers.ts';

/** What a certificate says, in the words of its specification. */
export interface CertificateContent {
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly keyUsages: readonly KeyUsage[];
  /** `serverAuth`, `clientAuth`, or the object identifier of another one. */
  readonly extendedKeyUsages: readonly string[];
  readonly isAuthority: boolean;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly subject: Name;
  readonly subjectKeyIdentifier: ArrayBuffer | undefined;
  readonly authorityKeyIdentifier: ArrayBuffer | undefined;
  readonly x509: X509Certificate;
}

const blockPattern = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates of a PEM text, in its order; undefined when there is none, or one that cannot be read. */
export function readCertificates(pem: string): readonly [CertificateContent, ...CertificateContent[]] | undefined {
  try {
    const [first, ...others] = (pem.match(blockPattern) ?? []).map(readCertificate);
    return first && [first, ...others];
  } catch {
    return undefined;
  }
}

function readCertificate(pem: string): CertificateContent {
  const x509 = new X509Certificate(pem);
  const { subject, extensions = [] } = AsnConvert.parse(x509.raw, Certificate).tbsCertificate;
  for (const date of [x509.validFromDate, x509.validToDate])
    if (Number.isNaN(date.getTime())) throw new RangeError('no date');
  const names = [...(read(extensions, id_ce_subjectAltName, SubjectAlternativeName) ?? [])];
  const usage = read(extensions, id_ce_keyUsage, KeyUsageBits)?.toNumber() ?? 0;
  return {
    commonName: nameValues(subject, COMMON_NAME)[0] ?? '',
    organizations: nameValues(subject, ORGANIZATION),
    dnsNames: names.flatMap(({ dNSName }) => dNSName ?? []),
    ipAddresses: names.flatMap(({ iPAddress: text }) => (text === undefined ? [] : (canonicalIpAddress(text) ?? text))),
    keyUsages: keyUsages.filter((name) => usage & KeyUsageFlags[name]),
    extendedKeyUsages: [...(read(extensions, id_ce_extKeyUsage, ExtendedKeyUsage) ?? [])].map(extendedKeyUsageName),
    isAuthority: read(extensions, id_ce_basicConstraints, BasicConstraints)?.cA ?? false,
    notBefore: x509.validFromDate,
    notAfter: x509.validToDate,
    subject,
    subjectKeyIdentifier: read(extensions, id_ce_subjectKeyIdentifier, SubjectKeyIdentifier)?.buffer,
    authorityKeyIdentifier: read(extensions, id_ce_authorityKeyIdentifier, AuthorityKeyIdentifier)?.keyIdentifier
      ?.buffer,
    x509,
  };
}

function read<Value>(extensions: Iterable<Extension>, id: string, type: new () => Value): Value | undefined {
  for (const { extnID, extnValue } of extensions) if (extnID === id) return AsnConvert.parse(extnValue.buffer, type);
  return undefined;
}

function nameValues(name: Name, attribute: string): string[] {
  return [...name].flatMap((part) =>
    [...part].filter(({ type }) => type === attribute).map(({ value }) => value.toString()),
  );
}

function extendedKeyUsageName(oid: string): string {
  return Object.entries(extendedKeyUsageOids).find(([, known]) => known === oid)?.[0] ?? oid;
}
