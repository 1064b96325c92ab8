import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import type { CertificateProfile } from '../kubernetes/pki/specification.ts';
import { COMMON_NAME, extendedKeyUsageOids, ORGANIZATION } from './object-identifiers.ts';
import type { CertificateContent } from './read-certificate.ts';

/** The pair that signs; without a certificate it signs itself. */
export interface Signer {
  readonly certificate: CertificateContent | undefined;
  readonly key: KeyObject;
}

export interface CertificateRequest {
  readonly profile: CertificateProfile;
  /** The subject's key; only its public half is used. */
  readonly key: KeyObject;
  readonly signer: Signer;
  /** Big-endian, positive: the first bit is not set. */
  readonly serialNumber: Uint8Array<ArrayBuffer>;
  readonly now: Date;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * A certificate as PEM, byte for byte what kubeadm's library would make of the same serial number, keys and times: extensions and their
 * order, string types, and the algorithm that follows from the signer's key. An authority is what may sign certificates.
 */
export function issueCertificate(request: CertificateRequest): string {
  const { profile, key, signer, serialNumber, now } = request;
  const { algorithm, hash } = signatureAlgorithm(signer.key);
  const subject = toName(profile);
  const body = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber.buffer,
    signature: algorithm,
    issuer: signer.certificate?.subject ?? subject,
    validity: new Validity({
      notBefore: new Date(now.getTime() - profile.backdateMinutes * MINUTE_MS),
      notAfter: new Date(now.getTime() + profile.validityDays * DAY_MS),
    }),
    subject,
    subjectPublicKeyInfo: publicKeyInfo(key),
    extensions: new Extensions(extensionsOf(request)),
  });
  const signature = sign(hash, Buffer.from(AsnConvert.serialize(body)), signer.key);
  const certificate = new Certificate({
    tbsCertificate: body,
    signatureAlgorithm: algorithm,
    signatureValue: toArrayBuffer(signature),
  });
  return pem(AsnConvert.serialize(certificate));
}

function extensionsOf({ profile, key, signer }: CertificateRequest): Extension[] {
  const isAuthority = profile.keyUsages.includes('keyCertSign');
  const usage = profile.keyUsages.reduce((bits, name) => bits | KeyUsageFlags[name], 0);
  const usages = profile.extendedKeyUsages.map((name) => extendedKeyUsageOids[name]);
  const names = [
    ...profile.dnsNames.map((dNSName) => new GeneralName({ dNSName })),
    ...profile.ipAddresses.map((iPAddress) => new GeneralName({ iPAddress })),
  ];
  return [
    extension(id_ce_keyUsage, new KeyUsage(usage), true),
    ...(usages.length > 0 ? [extension(id_ce_extKeyUsage, new ExtendedKeyUsage(usages))] : []),
    extension(id_ce_basicConstraints, new BasicConstraints({ cA: isAuthority }), true),
    ...(isAuthority ? [extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(keyIdentifier(key)))] : []),
    ...(signer.certificate ? [extension(id_ce_authorityKeyIdentifier, authorityKeyIdentifier(signer))] : []),
    ...(names.length > 0 ? [extension(id_ce_subjectAltName, new SubjectAlternativeName(names))] : []),
  ];
}

function extension(extnID: string, value: object, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

function authorityKeyIdentifier({ certificate, key }: Signer): AuthorityKeyIdentifier {
  const identifier = certificate?.subjectKeyIdentifier ?? keyIdentifier(key);
  return new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(identifier) });
}

/** First method of RFC 7093: 160 bits of SHA-256 over the public key, as Go's library makes it since version 1.25. */
function keyIdentifier(key: KeyObject): ArrayBuffer {
  const { subjectPublicKey } = publicKeyInfo(key);
  return toArrayBuffer(createHash('sha256').update(new Uint8Array(subjectPublicKey)).digest().subarray(0, 20));
}

function publicKeyInfo(key: KeyObject): SubjectPublicKeyInfo {
  return AsnConvert.parse(createPublicKey(key).export({ type: 'spki', format: 'der' }), SubjectPublicKeyInfo);
}

/** Organizations share one part of the name and come before the common name. */
function toName({ commonName, organizations }: CertificateProfile): Name {
  return new Name([
    ...(organizations.length > 0 ? [namePart(ORGANIZATION, organizations)] : []),
    namePart(COMMON_NAME, [commonName]),
  ]);
}

function namePart(type: string, values: readonly string[]): RelativeDistinguishedName {
  return new RelativeDistinguishedName(
    values.map((text) => new AttributeTypeAndValue({ type, value: attributeValue(text) })),
  );
}

function attributeValue(text: string): AttributeValue {
  const isPrintable = /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text);
  return new AttributeValue(isPrintable ? { printableString: text } : { utf8String: text });
}

interface SignatureAlgorithm {
  readonly algorithm: AlgorithmIdentifier;
  readonly hash: string;
}

/** The hash is as strong as the key: RFC 5758 for elliptic curves; SHA-256 for RSA, whose parameters are an explicit NULL. */
function signatureAlgorithm({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): SignatureAlgorithm {
  if (asymmetricKeyType === 'rsa') {
    return {
      hash: 'sha256',
      algorithm: new AlgorithmIdentifier({ algorithm: '1.2.840.113549.1.1.11', parameters: null }),
    };
  }
  const byCurve: Readonly<Record<string, readonly [hash: string, oid: string]>> = {
    prime256v1: ['sha256', '1.2.840.10045.4.3.2'],
    secp384r1: ['sha384', '1.2.840.10045.4.3.3'],
    secp521r1: ['sha512', '1.2.840.10045.4.3.4'],
  };
  const [hash, algorithm] = byCurve[asymmetricKeyDetails?.namedCurve ?? ''] ?? [];
  if (hash === undefined || algorithm === undefined)
    throw new TypeError(`cannot sign with a key of ${asymmetricKeyType}`);
  return { hash, algorithm: new AlgorithmIdentifier({ algorithm }) };
}

function pem(der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
