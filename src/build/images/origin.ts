import type { Digest } from '../../registry/catalogue.ts';
import type { Descriptor } from '../../registry/manifest-document.ts';

/** A document as its origin has it. */
export interface FetchedDocument {
  readonly content: Buffer;
  /** How the origin describes it; undefined where it does not. */
  readonly descriptor?: Descriptor;
}

/** All blobs of one manifest. */
interface WantedBlobs {
  readonly manifest: Digest;
  readonly blobs: readonly Descriptor[];
}

/** Where one image comes from. Whatever it gives is checked by whoever asked. */
export interface Origin {
  /** For messages: the reference, and what stands for it. */
  readonly where: string;
  /** What the reference names. */
  top(stop: AbortSignal): Promise<FetchedDocument>;
  /** A manifest or index by its digest. */
  document(digest: Digest, stop: AbortSignal): Promise<Buffer>;
  /** Brings those blobs into the store that it lacks. */
  fetchBlobs(wanted: WantedBlobs, stop: AbortSignal, watch: Watch): Promise<void>;
}

/** Begins to watch a directory; the work that fills it heeds the `stop` that it is given back, which also tells when there is too much. */
export type Watch = (filling: Filling, stop: AbortSignal) => Watched;

export interface Filling {
  readonly directory: string;
  /** Bytes that come into it at most. */
  readonly expected: number;
  /** For the message when there are more. */
  readonly where: string;
}

interface Watched {
  readonly stop: AbortSignal;
  end(): void;
}
