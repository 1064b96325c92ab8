/*
 * Generated from src/release/schema by scripts/generate-from-schemas.ts: change it there.
 */

/** A release list with its defaults. */
export type ReleaseList = {
  /** Version of this format. */
  readonly apiVersion: 'metalk8s.scality.com/v1alpha1';
  /** What this file is. */
  readonly kind: 'Release';
  /** Version of the product: 1 and the minor version of Kubernetes, then two numbers that are yours. */
  readonly version: string;
  /**
   * Day of the release: the one date on the disc, unless SOURCE_DATE_EPOCH gives another or the signing key is
   * younger.
   */
  readonly date: string;
  /** Version of Kubernetes, without "v". */
  readonly kubernetes: string;
  /** Which images of an index are carried, as OCI names platforms. */
  readonly imagePlatforms: readonly string[];
  /** The operating systems and architectures that packages are carried for. */
  readonly packagePlatforms: readonly {
    /** Operating system and architecture. */
    readonly name: string;
    /** What `$releasever` is on such a host. */
    readonly releasever: string;
    /** Which module streams dnf takes for its own: `PLATFORM_ID` of the os-release file. */
    readonly modulePlatform: string;
    /**
     * Packages that every minimal installation has. The disc carries neither them nor what they require; hosts that
     * lack one are refused by preflight.
     */
    readonly base: readonly string[];
    /** Where packages of this platform come from. */
    readonly repositories: readonly {
      /** Name of the repository in messages and in the lock; unique within its platform. */
      readonly id: string;
      /** Base address: the folder that holds `repodata/`. Variables such as `$basearch` are written out. */
      readonly url: string;
      /** The keys that packages of this repository may be signed with. A package signed by no other is refused. */
      readonly keys: readonly {
        /** Where upstream publishes the public key, ASCII-armoured or binary. */
        readonly url: string;
        /** Fingerprint of the primary key, 40 hexadecimal digits, learned by another way than the key itself. */
        readonly fingerprint: string;
      }[];
      /**
       * Upstream signs nothing here: its packages are taken as they come and signed with the key of the disc. The
       * lock pins them, nothing else does.
       */
      readonly signedByUs: boolean;
    }[];
  }[];
  /** The parts of the release, `core` among them. */
  readonly components: readonly {
    /** Name of the component. */
    readonly name: string;
    /** References in full: registry host, name and tag. The lock pins their digests. */
    readonly images: readonly string[];
    /** Packages that hosts install. */
    readonly packages: readonly {
      /** Name of the package. */
      readonly name: string;
      /** Upstream's version, without epoch and release; left out, the newest that can be installed. */
      readonly version?: string;
      /** Which hosts install it: every node, or the bootstrap node. */
      readonly roles: readonly ('node' | 'bootstrap')[];
      /** Names of platforms that have it; left out, all of them. */
      readonly platforms?: readonly string[];
    }[];
    /** Files that upstream publishes, carried as they are. */
    readonly files: readonly {
      /** Where it lies below the disc's folder of upstream files. */
      readonly path: string;
      /** Where upstream publishes it. */
      readonly url: string;
      /** Its SHA-256. Left out, the lock alone pins it. */
      readonly sha256?: string;
    }[];
  }[];
};

/** The file of a lock. */
export type ReleaseLock = {
  /** Version of this format. */
  readonly apiVersion: 'metalk8s.scality.com/v1alpha1';
  /** What this file is. */
  readonly kind: 'ReleaseLock';
  /** The product version that it was made for. */
  readonly version: string;
  /** Images, by reference. */
  readonly images: readonly {
    /** As the release list has it. */
    readonly reference: string;
    /** Digest of the manifest or index. */
    readonly digest: string;
    /** Type of that document. */
    readonly mediaType: string;
    /** Number of bytes. */
    readonly size: number;
    /** Of an index, the manifests that are on the disc; empty for a single manifest. */
    readonly children: readonly {
      /** Digest of the manifest. */
      readonly digest: string;
      /** Its platform; left out for what belongs to none, such as an attestation. */
      readonly platform?: string;
    }[];
  }[];
  /** Packages with everything that they require, by platform and name. */
  readonly packages: readonly {
    /** The platform that it is for. */
    readonly platform: string;
    /** Name of the package. */
    readonly name: string;
    /** "0" where the package says none. */
    readonly epoch: string;
    /** Its version. */
    readonly version: string;
    /** Its release. */
    readonly release: string;
    /** Its architecture. */
    readonly arch: string;
    /** Id of the upstream repository. */
    readonly repository: string;
    /** SHA-256 of the file. */
    readonly sha256: string;
    /** Number of bytes. */
    readonly size: number;
  }[];
  /** Files, by address. */
  readonly files: readonly {
    /** As the release list has it. */
    readonly url: string;
    /** SHA-256 of the file. */
    readonly sha256: string;
    /** Number of bytes. */
    readonly size: number;
  }[];
};

/** A file of mirrors with its defaults. */
export type MirrorsFile = {
  /** Version of this format. */
  readonly apiVersion: 'metalk8s.scality.com/v1alpha1';
  /** What this file is. */
  readonly kind: 'Mirrors';
  /** Mirrors of registries. */
  readonly registries: readonly {
    /** A registry as references name it, or repositories below it. The longest that fits an image is taken. */
    readonly upstream: string;
    /** What takes the place of `upstream` in references. */
    readonly registry?: string;
    /** The registry speaks plain HTTP, or TLS with a certificate that nobody checks. Only on a loopback address. */
    readonly insecure: boolean;
    /**
     * File with the certificates of the authorities that the certificate of the registry may come from, beside
     * those of the system.
     */
    readonly ca?: string;
    /**
     * Directory of an OCI image layout whose index names images by their upstream references
     * (`org.opencontainers.image.ref.name`).
     */
    readonly layout?: string;
  }[];
  /** Mirrors of package repositories. */
  readonly repositories: readonly {
    /**
     * Address of a repository in the release list, or of a folder above several. The longest that fits a repository
     * is taken; what its address has beyond it is kept.
     */
    readonly upstream: string;
    /** What takes the place of `upstream`. */
    readonly url?: string;
    /** Directory that takes the place of `upstream`. */
    readonly directory?: string;
    /** Keys that packages may be signed with, instead of those in the release list. */
    readonly keys?: readonly {
      /** Fingerprint of the primary key, 40 hexadecimal digits. */
      readonly fingerprint: string;
      /** Where the public key is. */
      readonly url?: string;
      /** File with the public key. */
      readonly file?: string;
    }[];
    /**
     * Whether packages are taken unsigned and signed with the key of the disc, instead of what the release list
     * says.
     */
    readonly signedByUs?: boolean;
  }[];
  /** Mirrors of files. */
  readonly files: readonly {
    /** Address of a file; or, with "/" at its end, of a folder. The longest that fits a file is taken. */
    readonly upstream: string;
    /** What takes the place of `upstream`; of a folder where that is one. */
    readonly url?: string;
    /** File or directory that takes the place of `upstream`. */
    readonly path?: string;
  }[];
};
