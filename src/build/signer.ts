/** Signs as the holder of one OpenPGP key. */
export interface Signer {
  /** 40 upper-case hexadecimal digits of the primary key. */
  readonly fingerprint: string;
  /** The public key: ASCII-armoured for rpm and people, binary for gpgv. */
  readonly publicKey: { readonly armoured: Uint8Array; readonly binary: Uint8Array };
  /** An ASCII-armoured detached signature, dated at the build's epoch: the same bytes each time. */
  sign(content: Uint8Array): Promise<Uint8Array>;
}
