import type { DiscFile } from '../../disc/disc-file.ts';
import { packageKeyPath } from '../../disc/paths.ts';
import type { Signer } from '../signer.ts';
import type { ResolvedPlatform } from './resolved-platform.ts';
import type { TrustedKey } from './trusted-keys.ts';

/** Every key that the packages and metadata of a platform on the disc are signed with. Ours comes first, where there is one. */
export function platformKeys({ keys }: Pick<ResolvedPlatform, 'keys'>, signer: Signer | undefined): TrustedKey[] {
  const ours = signer === undefined ? [] : [{ fingerprint: signer.fingerprint, ...signer.publicKey }];
  return [...ours, ...keys.filter(({ fingerprint }) => fingerprint !== signer?.fingerprint)];
}

/** The public keys of all platforms on the disc, armoured for rpm and dnf, and binary for gpgv. A key found on a disc is never trusted for that. */
export function packageKeyFiles(
  platforms: readonly Pick<ResolvedPlatform, 'keys'>[],
  signer: Signer | undefined,
): DiscFile[] {
  const all = platforms.flatMap((platform) => platformKeys(platform, signer));
  const unique = [...new Map(all.map((key) => [key.fingerprint, key])).values()];
  return unique
    .flatMap(({ fingerprint, armoured, binary }) => [
      { path: packageKeyPath(fingerprint, 'armoured'), source: { content: armoured } },
      { path: packageKeyPath(fingerprint, 'binary'), source: { content: binary } },
    ])
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
