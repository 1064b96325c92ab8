/** One thing that a bundle was to have. */
export interface BundleEntry {
  /** Path in the bundle; null: it has no file there. */
  readonly path: string | null;
  /** Where it is from: a command, or a file of the host. */
  readonly source: string;
  /** `cut`: only its end was taken. `failed`: what is there, if anything, is not whole. */
  readonly state: 'taken' | 'cut' | 'failed' | 'skipped';
  /** Why it is not whole. */
  readonly reason: string | null;
  readonly bytes: number;
}

/** An entry with its text, which is not redacted yet. */
export interface TakenItem extends Omit<BundleEntry, 'bytes'> {
  readonly text: string;
}
