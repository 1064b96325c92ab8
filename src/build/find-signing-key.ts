import { onlyBlock } from './choose-signing-key.ts';
import type { SecretKeyBlock, SelfSignature } from './gpg-keys.ts';
import { type GnupgMeans, listSecretKeys, listSelfSignatures } from './list-secret-keys.ts';

/** A secret key of the user's GnuPG home. */
export interface FoundKey {
  /** What the user named it by: a fingerprint or a part of a user id. */
  readonly named: string;
  readonly block: SecretKeyBlock;
  /** By what it vouches for its names and subkeys. */
  readonly vouched: readonly SelfSignature[];
}

/** Looks up the key that is to sign. Throws a `USAGE` when no key or several match. */
export async function findSigningKey(named: string, means: GnupgMeans): Promise<FoundKey> {
  const block = onlyBlock(await listSecretKeys(named, means), { key: named });
  return { named, block, vouched: await listSelfSignatures(block.primary.fingerprint, means) };
}
