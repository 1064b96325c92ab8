/** A file as it was found. */
export interface RawFile {
  readonly path: string;
  /** As `find -printf %y` has it. */
  readonly type: string;
  /** Octal. */
  readonly mode: string;
  /** Numbers: `uid:gid`. */
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  /** Of a regular file. */
  readonly sha256?: string;
  /** Of a link. */
  readonly target?: string;
  /** Where not its sum is compared; of a link, the text of what it leads to. */
  readonly text?: string;
}
