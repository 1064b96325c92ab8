/** Bytes of a logical block, the only size that discs of ours and nearly all others have. */
export const BLOCK = 2048;

/** Reads exactly so many bytes at an offset. Rejects where there are fewer. */
export type ReadAt = (offset: number, length: number) => Promise<Uint8Array>;

/** The tree of an ISO 9660 image with Rock Ridge. */
export interface IsoImage {
  /** Without the blanks that fill its field. */
  readonly volumeId: string;
  /** In the order of the directories, a folder before what is in it. The root is not among them. */
  readonly entries: readonly IsoEntry[];
}

export interface IsoEntry {
  /** Below the root, with slashes. */
  readonly path: string;
  readonly type: 'file' | 'folder' | 'link' | 'special';
  /** Permissions with the bits for set-user-ID, set-group-ID and sticky: 07777 at most. */
  readonly mode: number;
  /** Bytes. Of a file. */
  readonly size: number;
  /** Where its content is, in order. A file above 4 GiB has several. */
  readonly extents: readonly Extent[];
}

export interface Extent {
  /** Bytes from the start of the image. */
  readonly offset: number;
  readonly length: number;
}
