/** A file of the disc, before the disc is written. */
export interface DiscFile {
  /** Below the root of the disc, with slashes, without a leading one: `images/oci-layout`. */
  readonly path: string;
  readonly source: DiscSource;
  /** Left out: mode 0444. True: 0555. */
  readonly executable?: true;
}

/** Where its bytes are: a file that nobody changes until the disc is written, or a value. */
export type DiscSource = StoredSource | { readonly content: Uint8Array };

export interface StoredSource {
  /** Absolute path on the build station. */
  readonly file: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}
