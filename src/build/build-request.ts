import type { InputFiles } from './read-inputs.ts';

/** What a user asks for. Paths are absolute. */
export interface BuildRequest extends InputFiles {
  readonly output: string;
  /** Fingerprint or user id of a secret key in the user's GnuPG home; left out for an unsigned disc. */
  readonly signingKey?: string | undefined;
  /** Replace another file of that name. */
  readonly force: boolean;
  /** Bytes of each part at most; one file when left out. */
  readonly split?: number | undefined;
  /** Seconds since 1970, where SOURCE_DATE_EPOCH says it. */
  readonly sourceDateEpoch?: number | undefined;
}
