import { findSigningKey } from '../../../src/build/find-signing-key.ts';
import { openSigner, type SignerRequest } from '../../../src/build/gpg-signer.ts';
import type { Signer } from '../../../src/build/signer.ts';

/** The signer of a key that is named by its fingerprint or user id, as a build opens it. */
export async function signerOf(
  key: string,
  { stop = new AbortController().signal, ...rest }: Pick<SignerRequest, 'epoch' | 'env'> & { stop?: AbortSignal },
): Promise<Signer> {
  return openSigner({ key: await findSigningKey(key, { env: rest.env, stop }), ...rest, stop });
}
