/** What a user wrote into a release list, valid and with defaults: everything that one disc is to carry. Plain data. */
export interface Release {
  /** Product version, `136.0.0`. */
  readonly version: string;
  /** Day of the release, `2026-11-21`: the one date on the disc, unless SOURCE_DATE_EPOCH gives another or the signing key is younger. */
  readonly date: string;
  /** Kubernetes version without `v`, `1.36.3`. */
  readonly kubernetes: string;
  /** Platforms of images as OCI names them: `linux/amd64`. */
  readonly imagePlatforms: readonly string[];
  readonly packagePlatforms: readonly PackagePlatform[];
  /** Those that were chosen, in the order of the list; `core` is always the first. */
  readonly components: readonly Component[];
}

/** An operating system and architecture that packages are carried for. */
export interface PackagePlatform {
  /** `el9/x86_64`. */
  readonly name: string;
  /** What `$releasever` is on such a host: `9`. */
  readonly releasever: string;
  /** `platform:el9`: which module streams dnf takes for its own. */
  readonly modulePlatform: string;
  /** Packages that every minimal installation has: the disc does not carry them. */
  readonly base: readonly string[];
  /** In the order of trust: a package is taken from the first repository that has one of its name, even where a later one has a newer version. */
  readonly repositories: readonly PackageRepository[];
}

/** An upstream RPM repository. */
export interface PackageRepository {
  /** Unique within its platform; file names and messages carry it. */
  readonly id: string;
  /** Base address, the parent of `repodata/`; ends with a slash. */
  readonly url: string;
  /** The keys that its packages may be signed with. */
  readonly keys: readonly RepositoryKey[];
  /** True: upstream signs nothing here, so we sign its packages with the key of the disc. */
  readonly signedByUs: boolean;
  /** Whether upstream signs the metadata too; packages are verified in any case. */
  readonly metadataSigned: boolean;
}

export interface RepositoryKey {
  readonly url: string;
  /** 40 upper-case hexadecimal digits. */
  readonly fingerprint: string;
}

/** A part of the release that can be chosen. */
export interface Component {
  /** `core`, `calico`. */
  readonly name: string;
  /** References with a tag, in full: `registry.k8s.io/pause:3.10.2`. */
  readonly images: readonly string[];
  readonly packages: readonly ReleasePackage[];
  readonly files: readonly ReleaseFile[];
}

/** Which hosts install a package. */
export type PackageRole = 'node' | 'bootstrap';

export interface ReleasePackage {
  readonly name: string;
  /** Upstream's version without release or epoch; the newest that resolves when left out. */
  readonly version?: string;
  readonly roles: readonly PackageRole[];
  /** Names of platforms; all of them when left out. */
  readonly platforms?: readonly string[];
}

/** A file that upstream publishes at an address. */
export interface ReleaseFile {
  /** Where it lies on the disc, below the folder of upstream files: `calico/calico-vxlan.yaml`. */
  readonly path: string;
  readonly url: string;
  /** 64 hexadecimal digits, where the list itself pins it; the lock does otherwise. */
  readonly sha256?: string;
}
