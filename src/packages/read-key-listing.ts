/** A key as gpg lists it. */
export interface OpenPgpKey {
  /** 40 upper-case hexadecimal digits of the primary key. */
  readonly fingerprint: string;
  readonly algorithm: 'rsa' | 'other';
  readonly secret: boolean;
  readonly revoked: boolean;
  /** Seconds since 1970. */
  readonly expires?: number;
}

/** Algorithm 1 of RFC 9580, section 9.1; 2 and 3 are its deprecated halves. */
const RSA = '1';

/** Reads what `gpg --with-colons --show-keys` prints: see DETAILS in GnuPG's documentation. Subkeys belong to their key. */
export function readKeyListing(text: string): OpenPgpKey[] {
  const keys: OpenPgpKey[] = [];
  let primary: readonly string[] | undefined;
  for (const line of text.split('\n')) {
    const fields = line.split(':');
    const [kind] = fields;
    if (kind === 'pub' || kind === 'sec') primary = fields;
    if (kind === 'fpr' && primary !== undefined) {
      const [type, validity, , algorithm, , , expires] = primary;
      keys.push({
        fingerprint: fields[9] ?? '',
        algorithm: algorithm === RSA ? 'rsa' : 'other',
        secret: type === 'sec',
        revoked: validity === 'r',
        ...(expires ? { expires: Number(expires) } : {}),
      });
      // The next fingerprints are those of its subkeys.
      primary = undefined;
    }
  }
  return keys;
}
