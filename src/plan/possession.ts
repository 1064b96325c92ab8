/** Where files of the host's owner are kept that ours have replaced. */
export const FILES_BEFORE = '/var/lib/metalk8s/before';

/** One thing of a host that `reset` has to know and cannot see afterwards. */
export type Possession =
  /** The host had these packages (`NAME-EPOCH:VERSION-RELEASE.ARCH`) before our first transaction. Only the first one counts. */
  | { readonly what: 'packages-before'; readonly packages: readonly string[] }
  /** The host had these public keys in its RPM database before. Only the first one counts. */
  | { readonly what: 'rpm-keys-before'; readonly keys: readonly string[] }
  /** A path was not there before we made it. */
  | { readonly what: 'path'; readonly path: string }
  /** A file of the host's owner was there, which ours replaces; a copy of it lies in {@link FILES_BEFORE}, below its own path. */
  | {
      readonly what: 'file-before';
      readonly path: string;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
    }
  | { readonly what: 'user'; readonly name: string }
  /** A kernel setting had another value. */
  | { readonly what: 'kernel-setting'; readonly name: string; readonly before: string };
