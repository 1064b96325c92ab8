/** Signs as the holder of one OpenPGP key. */
export interface Signer {
  /** 40 upper-case hexadecimal digits of the primary key. */
  readonly fingerprint: string;
  /** The public key: ASCII-armoured for rpm and people, binary for gpgv. */
  readonly publicKey: { readonly armoured: Uint8Array; readonly binary: Uint8Array };
  /** An ASCII-armoured detached signature, dated at the build's epoch: the same bytes each time. */
  sign(content: Uint8Array): Promise<Uint8Array>;
  /** For a program that calls gpg itself, as rpmsign does. Lends it for as long as the function it was given to runs. */
  withGnupg<Value>(work: (gnupg: Gnupg) => Promise<Value>): Promise<Value>;
}

/** A GnuPG home with the key. */
interface Gnupg {
  /** For gpg, and for programs that call it, beside the environment of the build: holds GNUPGHOME where the user has set it. */
  readonly env: Readonly<Record<string, string>>;
  /** Arguments, none with a space in it, that make gpg ask nothing and date its signatures at the build's epoch. */
  readonly arguments: readonly string[];
  /** What names the key to gpg, as value of `--local-user` or rpm's `_gpg_name`: of several keys of one holder, that which signs the disc. */
  readonly localUser: string;
}
