import type { FileStore } from '../hosts/file-store.ts';

export interface PkiContext {
  /** The host whose files are ensured. */
  readonly store: FileStore;
  /** The host that has the authorities with their keys, when it is another one. */
  readonly issuers?: FileStore;
  readonly now: Date;
  /** A leaf that ends within so many days is made anew; Infinity makes every one anew. */
  readonly renewWithinDays: number;
}

/** What became of one item, in words without any secret. */
export interface PkiOutcome {
  /** Path of the certificate, key or kubeconfig. */
  readonly path: string;
  readonly changed: boolean;
  readonly why: string;
}
