import type { PkiDescription } from '../kubeadm/describe-pki.ts';

/** What a host and its cluster are, without anything that differs from one bootstrap to the next: two of them can be compared. */
export interface HostState {
  /** Type, mode, owner and content of each file, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Certificates and keys, by the path of their file. */
  readonly pki: PkiDescription;
  /** What files do not tell, a sorted list of lines for each topic. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  /** Objects of the API by `Kind/namespace/name`; of several with equal names after normalisation, all. */
  readonly objects: Readonly<Record<string, readonly unknown[]>>;
}
