import type { Catalogue } from '../registry/catalogue.ts';
import type { Lock } from './lock.ts';
import type { PackageRole } from './release.ts';

export const ARCHIVE_API_VERSION = 'metalk8s.scality.com/v1alpha1';

/** `release.json` of a disc: what this is. */
export interface ArchiveDescription {
  readonly apiVersion: typeof ARCHIVE_API_VERSION;
  readonly kind: 'Archive';
  /** Product version. */
  readonly version: string;
  readonly kubernetes: string;
  readonly components: readonly string[];
  /** The one date of the disc, ISO 8601 in UTC. */
  readonly date: string;
  /** Fingerprint of the key that signed it; null for an unsigned disc. */
  readonly signingKey: string | null;
  /** Version of the Node.js on the disc, without `v`. */
  readonly node: string;
  readonly lock: Lock;
  /** What the registry serves. */
  readonly catalogue: Catalogue;
  readonly packages: readonly CarriedPackage[];
}

/** An RPM on the disc. What upstream served is in the lock. */
export interface CarriedPackage {
  readonly platform: string;
  readonly name: string;
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  /** On the disc. */
  readonly path: string;
  /** Of the file on the disc, which differs from upstream's where we signed it. */
  readonly sha256: string;
  readonly size: number;
  /** SPDX expression or whatever its header says. */
  readonly licence: string;
  /** The roles that asked for it by name; empty for what only came along as a dependency. */
  readonly roles: readonly PackageRole[];
}
