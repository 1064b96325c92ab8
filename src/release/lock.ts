import type { Digest } from '../registry/catalogue.ts';

/** What a release list came to: every image by digest, every package and file by checksum. Sorted, so that equal locks are equal bytes. */
export interface Lock {
  /** Product version that it was made for. */
  readonly version: string;
  readonly images: readonly LockedImage[];
  readonly packages: readonly LockedPackage[];
  readonly files: readonly LockedFile[];
}

export interface LockedImage {
  /** With its tag, as the release list has it. */
  readonly reference: string;
  /** Of what the tag names: a manifest, or an index, which may be sparse. */
  readonly digest: Digest;
  readonly mediaType: string;
  /** Bytes of that document. */
  readonly size: number;
  /** Of an index: the manifests that are on the disc. Empty for a single manifest. */
  readonly children: readonly LockedChild[];
}

export interface LockedChild {
  readonly digest: Digest;
  /** `linux/amd64`; left out for what belongs to no platform, such as an attestation. */
  readonly platform?: string;
}

export interface LockedPackage {
  /** Name of the platform that it is for: `el9/x86_64`. */
  readonly platform: string;
  readonly name: string;
  /** `0` where the package says none. */
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  /** Id of the upstream repository. */
  readonly repository: string;
  /** 64 hexadecimal digits: of the file as upstream serves it, before we sign it. */
  readonly sha256: string;
  /** Bytes, likewise. */
  readonly size: number;
}

export interface LockedFile {
  readonly url: string;
  readonly sha256: string;
  readonly size: number;
}
