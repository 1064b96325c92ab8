import type { ArchiveDescription, CarriedPackage } from '../../release/archive-description.ts';

/** Everything on a disc that others made, and where it came from. Plain data. */
export interface DiscInventory {
  readonly archive: ArchiveDescription;
  readonly packages: readonly InventoriedPackage[];
  /** Files that upstream publishes. */
  readonly files: readonly InventoriedFile[];
  /** npm packages that the command line has code of. */
  readonly modules: readonly BundledModule[];
  /** 64 hexadecimal digits: of the Node.js on the disc. */
  readonly nodeSha256: string;
}

export interface InventoriedPackage extends CarriedPackage {
  /** File name of the source package; empty where the header says none. */
  readonly sourceRpm: string;
  /** Empty likewise. */
  readonly vendor: string;
}

export interface InventoriedFile {
  /** On the disc. */
  readonly path: string;
  readonly url: string;
  readonly sha256: string;
}

export interface BundledModule {
  readonly name: string;
  readonly version: string;
  /** SPDX expression of its package.json. */
  readonly licence: string;
  /** Subresource Integrity of the package, as the registry has it: `sha512-…`. */
  readonly integrity: string;
  /** The files that tell the licence, whole. */
  readonly licenceTexts: readonly string[];
}
