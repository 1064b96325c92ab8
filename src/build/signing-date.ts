import { onlyBlock } from './choose-signing-key.ts';
import { type GnupgMeans, listSecretKeys, listSelfSignatures } from './list-secret-keys.ts';

export interface SigningDateRequest extends GnupgMeans {
  /** Fingerprint or user id of a secret key in the user's GnuPG home. */
  readonly key: string;
  /** Seconds since 1970. */
  readonly earliest: number;
}

/**
 * When a disc that names no date of its own is signed, in seconds since 1970: at the earliest when the key and what it says of itself were
 * there, as nobody takes signatures of before. The same for each build with that key. Throws a `USAGE` when no key or several match.
 */
export async function signingDate({ key, earliest, env, stop }: SigningDateRequest): Promise<number> {
  const { primary, subkeys } = onlyBlock(await listSecretKeys(key, { env, stop }), { key });
  const vouched = await listSelfSignatures(primary.fingerprint, { env, stop });
  return Math.max(earliest, ...[primary, ...subkeys, ...vouched].map(({ created }) => created));
}
