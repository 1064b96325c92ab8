import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { bits, readCertificate } from './read-der.ts';

/** A certificate without anything that differs from run to run. */
export interface CertificateDescription {
  readonly subject: readonly string[];
  readonly issuer: readonly string[];
  /** Path of the certificate on the host whose key signed this one. */
  readonly issuedBy: string;
  readonly subjectAltNames?: readonly string[];
  /** In the order of the certificate. A name in upper case would not be one that Go writes. */
  readonly extensions: readonly string[];
  readonly keyUsage: readonly string[];
  readonly extendedKeyUsage?: readonly string[];
  readonly certificateAuthority: boolean;
  readonly signatureAlgorithm: string;
  readonly key: string;
  /** `with its issuer`, or how long before its file was written. */
  readonly begins: string;
  /** How long after its file was written. */
  readonly ends: string;
}

/** A private or public key file. */
export interface KeyDescription {
  readonly pem: string;
  readonly key: string;
  /** Paths of certificates and keys on the host with the same public key. */
  readonly belongsTo: readonly string[];
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  '2.5.29.14': 'subjectKeyIdentifier',
  '2.5.29.15': 'keyUsage',
  '2.5.29.17': 'subjectAltName',
  '2.5.29.19': 'basicConstraints',
  '2.5.29.35': 'authorityKeyIdentifier',
  '2.5.29.37': 'extendedKeyUsage',
};
const KEY_USAGES = [
  ...['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'dataEncipherment', 'keyAgreement'],
  ...['keyCertSign', 'cRLSign', 'encipherOnly', 'decipherOnly'],
];
const EXTENDED_KEY_USAGES: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
};
const SIGNATURES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384',
};
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const KEY_USAGE = '2.5.29.15';

/**
 * Describes a certificate in PEM. `issuers` are the CA certificates of the host by path, `writtenAt` is when its file was
 * written (milliseconds since the epoch). Times are rounded, since a busy machine takes its time between the two.
 */
export function describeCertificate(
  pem: string,
  { issuers, writtenAt }: { issuers: ReadonlyMap<string, string>; writtenAt: number },
): CertificateDescription {
  const certificate = new X509Certificate(pem);
  const { signatureAlgorithm, extensions } = readCertificate(certificate.raw);
  const usage = extensions.get(KEY_USAGE);
  const issuer = [...issuers]
    .map(([path, text]) => ({ path, certificate: new X509Certificate(text) }))
    .find((candidate) => certificate.verify(candidate.certificate.publicKey));
  const names = certificate.subjectAltName?.split(', ');
  const extended = certificate.keyUsage?.map((id) => EXTENDED_KEY_USAGES[id] ?? id);
  return {
    subject: certificate.subject.split('\n'),
    issuer: certificate.issuer.split('\n'),
    issuedBy: issuer?.path ?? 'unknown',
    ...(names && { subjectAltNames: names }),
    extensions: [...extensions].map(([id, { critical }]) => `${EXTENSIONS[id] ?? id}${critical ? ', critical' : ''}`),
    keyUsage: usage ? bits(usage.value).map((bit) => KEY_USAGES[bit] ?? `bit ${bit}`) : [],
    ...(extended && { extendedKeyUsage: extended }),
    certificateAuthority: certificate.ca,
    signatureAlgorithm: SIGNATURES[signatureAlgorithm] ?? signatureAlgorithm,
    key: keyKind(certificate.publicKey),
    begins: begins(certificate, issuer?.certificate, writtenAt),
    ends: `${Math.round((certificate.validToDate.getTime() - writtenAt) / DAY_MS)} days after it was written`,
  };
}

/** Describes a key in PEM; `others` are certificates and keys of the host by path. */
export function describeKey(pem: string, others: ReadonlyMap<string, string>): KeyDescription {
  const own = publicPart(pem);
  const belongsTo = [...others]
    .filter(([, other]) => publicDer(publicPart(other)).equals(publicDer(own)))
    .map(([path]) => path);
  return { pem: pemLabel(pem), key: keyKind(own), belongsTo };
}

/** The word after BEGIN, which says how a key is encoded: `RSA PRIVATE KEY` is PKCS#1, `EC PRIVATE KEY` SEC 1. */
function pemLabel(pem: string): string {
  return /-----BEGIN ([^-]+)-----/.exec(pem)?.[1] ?? 'no PEM';
}

function publicPart(pem: string): KeyObject {
  return pem.includes('PRIVATE KEY') ? createPublicKey(createPrivateKey(pem)) : createPublicKey(pem);
}

/** Keys are compared by encoding: comparing KeyObjects of different types leaves an error behind for the next call of OpenSSL. */
function publicDer(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

function keyKind(key: KeyObject): string {
  const { modulusLength, publicExponent, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa') return `RSA ${modulusLength}, exponent ${publicExponent}`;
  return `${key.asymmetricKeyType?.toUpperCase()} ${namedCurve}`;
}

/** Rounded to five minutes. */
function begins(certificate: X509Certificate, issuer: X509Certificate | undefined, writtenAt: number): string {
  const own = certificate.validFromDate.getTime();
  const selfSigned = issuer?.fingerprint256 === certificate.fingerprint256;
  if (!selfSigned && own === issuer?.validFromDate.getTime()) return 'with its issuer';
  return `${Math.round((writtenAt - own) / (5 * MINUTE_MS)) * 5} minutes before it was written`;
}
