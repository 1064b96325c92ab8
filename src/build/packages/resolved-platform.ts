import type { StoredSource } from '../../disc/disc-file.ts';
import type { Nevra } from '../../packages/nevra.ts';
import type { RpmHeader } from '../../packages/read-headers.ts';
import type { LockedPackage } from '../../release/lock.ts';
import type { PackagePlatform, PackageRole } from '../../release/release.ts';
import type { TrustedKey } from './trusted-keys.ts';

/** What the disc carries for a platform. */
export interface ResolvedPlatform {
  readonly platform: PackagePlatform;
  /** Sorted by name. */
  readonly packages: readonly ResolvedPackage[];
  /** Public keys of upstream that packages of the disc are signed with, sorted by fingerprint. Ours is not among them. */
  readonly keys: readonly TrustedKey[];
  /** What the disc takes for granted: the base packages of the release list, and what they require. */
  readonly base: readonly (Nevra & { readonly sha256: string })[];
  /** Folder of the pristine root that has them; for proofs. */
  readonly pristineRoot: string;
}

export interface ResolvedPackage {
  /** As upstream serves it. */
  readonly locked: LockedPackage;
  /** Where upstream serves it. */
  readonly url: string;
  /** What goes on the disc; other bytes than upstream's where we signed it. */
  readonly stored: StoredSource;
  readonly signedByUs: boolean;
  readonly header: RpmHeader;
  /** Of hosts that ask for it by name; none for what only comes along. */
  readonly roles: readonly PackageRole[];
  /** Names of packages of the disc that require it. */
  readonly neededBy: readonly string[];
}
