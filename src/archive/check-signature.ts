import type { GpgvVerdict } from '../disc/openpgp/gpgv-status.ts';
import { isCanonical, readSignature, type Signature } from '../disc/openpgp/signature.ts';
import { refuse } from '../disc/refuse.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { runGpgv } from './run-gpgv.ts';
import { TRUST_DIRECTORY, type TrustedKey } from './trusted-keys.ts';

export interface SignedContent {
  readonly content: Uint8Array;
  /** Armoured. */
  readonly signature: Uint8Array;
  /** What both stand in: a file, or an archive and a path in it. */
  readonly where: string;
}

/** Who signed, by a key that is trusted. */
export interface Signer {
  /** Of the primary key: 40 upper-case hexadecimal digits. */
  readonly fingerprint: string;
  readonly name: string;
  /** The file that the trusted key comes from. */
  readonly file: string;
  /** When, by the clock of whoever signed. */
  readonly date: Date;
  /** What is worth knowing, and no reason to refuse. */
  readonly warnings: readonly string[];
}

const SHORTEST_RSA = 3072;
const A_DAY = 86_400;

/**
 * Whether a detached signature was made over a content by one of the trusted keys. Throws a `VERIFICATION_FAILED` unless it was, in the one
 * form that a signature has, by an RSA key of 3072 bits or more over SHA-256 or SHA-512. A revoked key is refused whatever the date, and
 * whichever of several copies says so. A key that has expired since is taken, with a warning: sites outlive keys. Throws a `USAGE` when no
 * key is trusted at all.
 */
export async function checkSignature(signed: SignedContent, keys: readonly TrustedKey[], now: Date): Promise<Signer> {
  const signature = read(signed);
  if (keys.length === 0) throw noKeys(signature, signed.where);
  const matching = keys.filter((block) => block.keys.some(({ fingerprint }) => fingerprint === signature.issuer));
  const [first] = matching;
  if (first === undefined) throw unknownKey(signature, keys, signed.where);
  for (const key of matching) checkStrength(key, signature, signed.where);
  const verdicts = await Promise.all(matching.map(({ bytes }) => runGpgv({ ...signed, keyring: bytes })));
  const key = matching[verdicts.findIndex(({ kind }) => kind === 'good')] ?? first;
  const warnings = [...judge(verdicts, signature, signed.where), ...clockWarnings(signature, now)];
  const { fingerprint, name, file } = key;
  return { fingerprint, name, file, date: new Date(signature.created * 1000), warnings };
}

function read({ content, signature, where }: SignedContent): Signature {
  try {
    if (isCanonical(signature, content)) return readSignature(signature);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw refused(`the signature cannot be taken: ${error.message}`, where);
  }
  throw refused('the signature is not that of this content, or something stands in it that nobody signed', where);
}

function checkStrength(block: TrustedKey, { issuer, created, number }: Signature, where: string): void {
  for (const key of block.keys) {
    if (key.fingerprint !== issuer && key.fingerprint !== block.fingerprint) continue;
    if (key.rsa === undefined || key.rsa.bits < SHORTEST_RSA) {
      const what = key.rsa === undefined ? 'no RSA key' : `RSA of ${key.rsa.bits} bits`;
      throw refused(`the key ${key.fingerprint} is ${what}; RSA of ${SHORTEST_RSA} bits or more is needed`, where);
    }
    if (key.fingerprint === issuer && number >= key.rsa.modulus)
      throw refused('the signature is not written in its shortest form', where);
    if (key.created > created) throw refused(`the signature is older than the key ${key.fingerprint}`, where);
  }
}

/** Warnings, unless it throws. */
function judge(verdicts: readonly GpgvVerdict[], { issuer, created }: Signature, where: string): string[] {
  const of = (kind: GpgvVerdict['kind']) => verdicts.find((verdict) => verdict.kind === kind);
  if (of('revoked-key')) throw refused(`the key ${issuer} that signed it is revoked`, where, ASK);
  if (of('bad')) throw refused(`the signature of ${issuer} is not one of this content: one of them was changed`, where);
  if (of('expired-signature')) throw refused(`the signature of ${issuer} has an end, which has passed`, where, ASK);
  if (of('good')) return [];
  const [verdict] = verdicts;
  if (verdict?.kind !== 'expired-key')
    throw refused(
      `gpgv does not take the signature of ${issuer}: ${verdict?.kind === 'unknown' ? verdict.status : ''}`,
      where,
    );
  const expiries = verdicts.map((each) => (each.kind === 'expired-key' ? (each.expired ?? 0) : 0));
  const expired = Math.max(...expiries);
  if (created >= expired) throw refused(`the key ${issuer} had expired when it signed`, where, ASK);
  return [`the key ${issuer} has expired on ${day(expired)}; the signature is of ${day(created)}, before that`];
}

function clockWarnings({ created }: Signature, now: Date): string[] {
  const ahead = created - now.getTime() / 1000 > A_DAY;
  return ahead ? [`the signature is of ${day(created)}, which is to come: is the clock of this host right?`] : [];
}

function day(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

const ASK = 'Ask whoever made the archive for one that is signed by a key that is in force.';

function refused(
  message: string,
  where: string,
  hint = 'Copy the archive again from where it is intact.',
): MetalK8sError {
  return refuse(message, where, hint);
}

function unknownKey({ issuer }: Signature, keys: readonly TrustedKey[], where: string): MetalK8sError {
  const trusted = keys.map(({ fingerprint, file }) => `${fingerprint} (${file})`);
  return refuse(
    `signed by the key ${issuer}, which is not trusted here; trusted: ${trusted.join(', ')}`,
    where,
    `Compare this fingerprint with the one that whoever made the archive told you by another way. ${BRING}`,
  );
}

function noKeys({ issuer }: Signature, where: string): MetalK8sError {
  return new MetalK8sError('USAGE', `no key is trusted, so the signature by ${issuer} says nothing`, {
    where,
    hint: `Get the public key of whoever made the archive by another way than the archive, and compare its fingerprint. ${BRING}`,
  });
}

const BRING = `Put the public key into ${TRUST_DIRECTORY}, or name its file with --trusted-key.`;
