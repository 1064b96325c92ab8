/** Where files of the host's owner are kept that ours replace. */
export const FILES_BEFORE = '/var/lib/metalk8s/before';

/** One thing of a host that `reset` has to know and cannot see afterwards. */
export type Possession =
  /** The host had these packages (`NAME-EPOCH:VERSION-RELEASE.ARCH`) before our first transaction. Only the first one counts. */
  | { readonly what: 'packages-before'; readonly packages: readonly string[] }
  /** The host had these tables of iptables in nftables (`ip nat`) before our first step: empty ones beside them come from the cluster. */
  | { readonly what: 'filter-tables-before'; readonly tables: readonly string[] }
  /** The host had these public keys in its RPM database before. Only the first one counts. */
  | { readonly what: 'rpm-keys-before'; readonly keys: readonly string[] }
  /** A path was not there before we made it. */
  | { readonly what: 'path'; readonly path: string }
  | FilePossession
  | { readonly what: 'user'; readonly name: string }
  /** A kernel setting had another value. */
  | { readonly what: 'kernel-setting'; readonly name: string; readonly before: string };

/** A file that ours is placed at. The last entry of a path counts: until ours is there, what was before is whatever its owner has there. */
export interface FilePossession {
  readonly what: 'file';
  readonly path: string;
  /** What was there; null: nothing. */
  readonly before: FormerFile | FormerLink | null;
  /** SHA-256 of what we place, 64 hexadecimal digits. */
  readonly ours: string;
  /** Whether ours was seen there. */
  readonly placed: boolean;
}

/** A file of the host's owner. */
export interface FormerFile {
  readonly type: 'file';
  /** Of its bytes, in {@link FILES_BEFORE}. */
  readonly copy: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** A link of the host's owner, whatever it leads to. */
export interface FormerLink {
  readonly type: 'link';
  readonly target: string;
  readonly uid: number;
  readonly gid: number;
}
