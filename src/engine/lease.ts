/**
 * What keeps runs of a cluster apart once its API is there: an object that names who holds it, since when and until when. Before, and
 * while the API is away, the lock of the host has to do.
 */
export interface Lease {
  /**
   * Sees to it that it is ours, before each step; renews it by itself from then on. Does nothing while the cluster has no API, or its API
   * does not answer. Throws a `LOCKED` that names the holder when it is another's and has not expired.
   */
  hold(): Promise<void>;
  /** Gives it back, when it is ours and the API answers; whatever happens, nothing is renewed any more. Never throws. */
  release(): Promise<void>;
}
