/** A secret key of a GnuPG home, with what GnuPG tells of it. */
export interface SecretKeyBlock {
  readonly primary: SecretKey;
  readonly subkeys: readonly SecretKey[];
  /** Of its first user id, for people. */
  readonly name: string;
}

export interface SecretKey {
  /** 40 upper-case hexadecimal digits. */
  readonly fingerprint: string;
  /** Number of RFC 9580, section 9.1: 1 is RSA. */
  readonly algorithm: number;
  readonly bits: number;
  /** Seconds since 1970. */
  readonly created: number;
  readonly expires?: number;
  readonly revoked: boolean;
  /** Turned off by its owner, or without a self-signature that holds. */
  readonly invalid: boolean;
  readonly signs: boolean;
  /** False: the secret half is not in this home, as that of a primary key that is kept elsewhere. */
  readonly present: boolean;
}

interface Draft {
  readonly keys: SecretKey[];
  name: string | undefined;
}

/** Reads `gpg --with-colons --list-secret-keys` (doc/DETAILS of GnuPG). */
export function readSecretKeys(text: string): SecretKeyBlock[] {
  const drafts: Draft[] = [];
  let fields: readonly string[] | undefined;
  for (const record of records(text)) {
    const [type] = record;
    const draft = drafts.at(-1);
    if (type === 'sec') drafts.push({ keys: [], name: undefined });
    if (type === 'sec' || type === 'ssb') fields = record;
    if (type === 'fpr' && fields !== undefined) {
      draft?.keys.push(secretKey(fields, record[9] ?? ''));
      fields = undefined;
    }
    if (type === 'uid' && draft) draft.name ??= record[9] ?? '';
  }
  return drafts.flatMap(({ keys: [primary, ...subkeys], name }) =>
    primary === undefined ? [] : [{ primary, subkeys, name: unescaped(name ?? '') }],
  );
}

function secretKey(fields: readonly string[], fingerprint: string): SecretKey {
  const [, validity, bits, algorithm, , created, expires] = fields;
  const token = fields[14] ?? '';
  return {
    fingerprint,
    algorithm: Number(algorithm),
    bits: Number(bits),
    created: Number(created),
    ...(expires ? { expires: Number(expires) } : {}),
    revoked: validity === 'r',
    invalid: validity === 'i' || validity === 'd' || (fields[11] ?? '').includes('D'),
    signs: (fields[11] ?? '').includes('s'),
    present: token !== '#',
  };
}

/** A signature that a key made over one of its own names or subkeys. */
export interface SelfSignature {
  /** What it is over: a name, or the fingerprint of a subkey. */
  readonly over: string;
  /** Seconds since 1970. */
  readonly created: number;
  /** Number of RFC 9580, section 9.5: 2 is SHA-1. */
  readonly hash: number;
}

/** Reads `gpg --with-colons --list-sigs` of one key. */
export function readSelfSignatures(text: string): SelfSignature[] {
  const found: SelfSignature[] = [];
  let own = '';
  let over = '';
  for (const record of records(text)) {
    const [type, , , , keyId = '', created] = record;
    if (type === 'pub') own = keyId;
    if (type === 'uid' || type === 'fpr') over = record[9] ?? '';
    if (type === 'sig' && keyId === own && /^1[0-38]/.test(record[10] ?? ''))
      found.push({ over, created: Number(created), hash: Number(record[15]) });
  }
  return found;
}

function records(text: string): string[][] {
  return text.split('\n').map((line) => line.split(':'));
}

/** GnuPG writes a colon and what is not printable as `\x3a`. */
function unescaped(text: string): string {
  return text.replace(/\\x([0-9a-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}
