import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { SecretKey, SecretKeyBlock, SelfSignature } from './gpg-keys.ts';

export interface Wish {
  /** What the user named: a fingerprint or part of a user id. */
  readonly key: string;
  /** Seconds since 1970: when the signatures are made. */
  readonly epoch: number;
}

const RSA = 1;
const LEAST_BITS = 3072;
/** SHA-256, -384, -512, -224. */
const STRONG_HASHES: ReadonlySet<number> = new Set([8, 9, 10, 11]);

/** The one block of keys that was meant. Throws a `USAGE` when there is none, or more than one. */
export function onlyBlock(found: readonly SecretKeyBlock[], { key }: Pick<Wish, 'key'>): SecretKeyBlock {
  const [block, another] = found;
  if (block === undefined) {
    throw new MetalK8sError('USAGE', `there is no secret key for ${JSON.stringify(key)}`, {
      where: '--signing-key',
      hint: 'See gpg --list-secret-keys for those that are there; GNUPGHOME names another home of GnuPG.',
    });
  }
  if (another !== undefined) {
    const names = found.map(({ primary, name }) => `${primary.fingerprint} ${name}`).join('\n');
    throw new MetalK8sError('USAGE', `${found.length} secret keys match ${JSON.stringify(key)}`, {
      where: '--signing-key',
      hint: `Name one by its fingerprint:\n${names}`,
    });
  }
  return block;
}

/**
 * The key that signs: the primary key where it can, as old versions of rpm know it best; else the newest subkey that can. Naming a subkey by
 * its fingerprint takes that one. Throws a `PREFLIGHT_FAILED` that says why none is fit.
 */
export function chooseSigningKey(block: SecretKeyBlock, wish: Wish): SecretKey {
  const { primary } = block;
  const ofAll = faultOf(primary, wish, 'key');
  if (ofAll !== undefined) throw unfit(primary, ofAll);
  const named = block.subkeys.find(({ fingerprint }) => fingerprint === normalised(wish.key));
  const candidates = named
    ? [named]
    : [primary, ...block.subkeys.toSorted((one, other) => other.created - one.created)];
  const judged = candidates
    .filter(({ signs }) => signs || named !== undefined)
    .map((candidate) => ({
      candidate,
      fault: signingFault(candidate, wish, candidate === primary ? 'key' : 'subkey'),
    }));
  const fit = judged.find(({ fault }) => fault === undefined);
  if (fit) return fit.candidate;
  const [first] = judged;
  if (!first?.fault) throw unfit(primary, { why: 'this key is not for signing', hint: 'Name a key that can sign.' });
  throw unfit(first.candidate, first.fault);
}

/**
 * Refuses a key that stands on SHA-1: rpm of Enterprise Linux 9 and later does not take it, whatever the signatures are made with. Of several
 * self-signatures over the same, the newest counts.
 */
export function checkSelfSignatures(primary: SecretKey, chosen: SecretKey, signatures: readonly SelfSignature[]): void {
  const newest = new Map<string, SelfSignature>();
  for (const signature of signatures) {
    const known = newest.get(signature.over);
    if (known === undefined || signature.created >= known.created) newest.set(signature.over, signature);
  }
  const subkey = chosen === primary ? undefined : newest.get(chosen.fingerprint);
  const names = [...newest.values()].filter(({ over }) => !/^[0-9A-F]{40}$/.test(over));
  const isWeak = (signature: SelfSignature) => !STRONG_HASHES.has(signature.hash);
  if (names.some((signature) => !isWeak(signature)) && !(subkey && isWeak(subkey))) return;
  throw unfit(primary, {
    why: 'this key vouches for itself with SHA-1, which Enterprise Linux 9 and later do not take',
    hint: `Let it sign itself anew: gpg --cert-digest-algo SHA256 --quick-set-expire ${primary.fingerprint} 0`,
  });
}

interface Fault {
  readonly why: string;
  readonly hint: string;
}

/** What makes a key and all its subkeys unfit. */
function faultOf(key: SecretKey, { epoch }: Wish, what: string): Fault | undefined {
  if (key.revoked) return { why: `this ${what} is revoked`, hint: 'Name a key that its owner still stands by.' };
  if (key.invalid) return { why: `GnuPG takes this ${what} for disabled or invalid`, hint: 'See gpg --edit-key.' };
  if (epoch < key.created) {
    return {
      why: `this ${what} was made on ${time(key.created)}, after the date of the disc, ${time(epoch)}`,
      hint: `Set SOURCE_DATE_EPOCH to ${key.created} or later, or name an older key.`,
    };
  }
  if (key.expires !== undefined && key.expires <= epoch) {
    return {
      why: `this ${what} has expired on ${time(key.expires)}, before the date of the disc, ${time(epoch)}`,
      hint: `Give it more time by gpg --quick-set-expire, or name another key.`,
    };
  }
  return undefined;
}

function signingFault(key: SecretKey, wish: Wish, what: string): Fault | undefined {
  if (!key.signs) return { why: `this ${what} is not for signing`, hint: 'Name a key that can sign.' };
  if (key.algorithm !== RSA)
    return { why: `this ${what} is not RSA`, hint: 'rpm of Enterprise Linux 8 verifies RSA alone: name an RSA key.' };
  if (key.bits < LEAST_BITS) {
    return {
      why: `this ${what} has ${key.bits} bits, fewer than ${LEAST_BITS}`,
      hint: `Make a longer one: gpg --quick-generate-key NAME rsa4096 sign never`,
    };
  }
  if (!key.present) {
    return {
      why: `the secret half of this ${what} is not here`,
      hint: 'Build where it is, insert the card that holds it, or give the key a signing subkey.',
    };
  }
  return faultOf(key, wish, what);
}

function unfit({ fingerprint }: SecretKey, { why, hint }: Fault): MetalK8sError {
  return new MetalK8sError('PREFLIGHT_FAILED', `the signing key cannot be used: ${why}`, { where: fingerprint, hint });
}

function normalised(key: string): string {
  return key.replace(/^0x|[ !]/gi, '').toUpperCase();
}

function time(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
