import type { ArchiveHead } from '../disc/parse-archive-head.ts';
import type { Sum } from '../disc/sums.ts';
import type { ReadContext } from './archive.ts';
import type { Signer } from './check-signature.ts';
import type { TrustedKey } from './trusted-keys.ts';

/** What happens one after another: who signed it, every byte, what the files are. */
export type VerifyStage = 'signature' | 'contents' | 'files';

export interface VerifyOptions {
  readonly keys: readonly TrustedKey[];
  /** Refuse a release that is older. */
  readonly minimumVersion?: string;
  readonly now: Date;
  /** Aborted: stop reading, throw its reason. */
  readonly stop: AbortSignal;
  /** Surrounds a stage, to tell of it: calls `work` once and gives its result. `progress` takes bytes. */
  readonly stage: <Value>(
    stage: VerifyStage,
    work: (progress: NonNullable<ReadContext['progress']>) => Promise<Value>,
  ) => Promise<Value>;
}

/** An archive that is what somebody trusted has signed, every byte of it. */
export interface VerifiedArchive extends ArchiveHead {
  readonly signer: Signer;
  /** What each file has to be: for those who copy it from here. */
  readonly sums: readonly Sum[];
  /** Bytes of the image, or of all files. */
  readonly bytes: number;
}
