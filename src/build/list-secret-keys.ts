import type { BuildContext } from './build-context.ts';
import { readSecretKeys, readSelfSignatures, type SecretKeyBlock, type SelfSignature } from './gpg-keys.ts';
import { runTool, tryTool } from './run-tool.ts';
import { tools } from './tools.ts';

export type GnupgMeans = { readonly env: BuildContext['env']; readonly stop: AbortSignal };

/**
 * No question, and nothing of the user's gpg.conf: its options would stand in the signatures. Not looking at trust keeps gpg from writing a
 * false date into the user's trust database.
 */
export const QUIET_GPG = [
  '--batch',
  '--no-tty',
  '--no-options',
  '--no-auto-check-trustdb',
  '--trust-model',
  'always',
] as const;

const LISTING = [...QUIET_GPG, '--with-colons', '--fixed-list-mode'];

/** The secret keys that a fingerprint or a part of a user id names; none when nothing matches, which gpg takes for an error. */
export async function listSecretKeys(key: string, { env, stop }: GnupgMeans): Promise<SecretKeyBlock[]> {
  if (key.trim() === '') return [];
  const { stdout } = await tryTool(tools.gpg, { arguments: [...LISTING, '--list-secret-keys', '--', key], env, stop });
  return readSecretKeys(Buffer.from(stdout).toString());
}

/** By what a key and its subkeys vouch for themselves. */
export async function listSelfSignatures(fingerprint: string, { env, stop }: GnupgMeans): Promise<SelfSignature[]> {
  const words = [...LISTING, '--list-sigs', '--', fingerprint];
  const { stdout } = await runTool(tools.gpg, { arguments: words, env, stop });
  return readSelfSignatures(Buffer.from(stdout).toString());
}
