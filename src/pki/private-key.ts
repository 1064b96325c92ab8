import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyAlgorithm } from '../kubernetes/pki/specification.ts';

const generate = promisify(generateKeyPair);

const rsaBits = { 'RSA-2048': 2048, 'RSA-3072': 3072, 'RSA-4096': 4096 } as const;
const curves = { 'ECDSA-P256': 'prime256v1', 'ECDSA-P384': 'secp384r1' } as const;

/** Curves whose keys Kubernetes takes: those that we make, and one more in a key that was brought along. */
const acceptedCurves: readonly string[] = [...Object.values(curves), 'secp521r1'];
const LEAST_RSA_BITS = 2048;

/** A new private key. RSA takes a while: 0.1 s for 2048 bits, a second or more for 4096; on another thread. */
export async function generatePrivateKey(algorithm: KeyAlgorithm): Promise<KeyObject> {
  if (algorithm === 'ECDSA-P256' || algorithm === 'ECDSA-P384') {
    return (await generate('ec', { namedCurve: curves[algorithm] })).privateKey;
  }
  return (await generate('rsa', { modulusLength: rsaBits[algorithm] })).privateKey;
}

/** PEM in the format of kubeadm's files: PKCS#1 for RSA, SEC 1 for elliptic curves. */
export function privateKeyPem(key: KeyObject): string {
  return key.export({ type: key.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'sec1', format: 'pem' }).toString();
}

/** PEM of the public half, in the format of kubeadm's `sa.pub`. */
export function publicKeyPem(key: KeyObject): string {
  return spkiPem(createPublicKey(key));
}

/**
 * The private key of a PEM text, or a sentence without any of it that says why it is not usable as a key of Kubernetes.
 * PKCS#1, SEC 1 and PKCS#8 are read.
 */
export function readPrivateKey(pem: string): { key: KeyObject } | { fault: string } {
  const key = parse(() => createPrivateKey(pem));
  if (!key) return { fault: unreadable(pem) };
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= LEAST_RSA_BITS) return { key };
  if (key.asymmetricKeyType === 'ec' && acceptedCurves.includes(namedCurve)) return { key };
  return { fault: `is ${describe(key)}, neither RSA of ${LEAST_RSA_BITS} bits or more nor ECDSA on a NIST curve` };
}

/**
 * Every public key of a PEM text, each as {@link publicKeyPem} writes it; text that is none is passed over.
 * Texts, because comparing key objects of different types leaves an error behind in OpenSSL that fails the next key to be read.
 */
export function readPublicKeys(pem: string): readonly string[] {
  const blocks = pem.match(/-----BEGIN (?:RSA )?PUBLIC KEY-----[^-]+-----END (?:RSA )?PUBLIC KEY-----/g) ?? [];
  return blocks.flatMap((block) => {
    const key = parse(() => createPublicKey(block));
    return key ? [spkiPem(key)] : [];
  });
}

function spkiPem(publicKey: KeyObject): string {
  return publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

function unreadable(pem: string): string {
  if (pem.trim() === '') return 'is empty';
  if (/ENCRYPTED/.test(pem)) return 'is encrypted with a passphrase';
  return 'is not a private key in PEM';
}

function describe({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  const size = asymmetricKeyDetails?.modulusLength ?? asymmetricKeyDetails?.namedCurve;
  return [asymmetricKeyType, size].filter((part) => part !== undefined).join(' ');
}

/** OpenSSL's own words say nothing to a reader and may quote what it read. */
function parse(read: () => KeyObject): KeyObject | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
