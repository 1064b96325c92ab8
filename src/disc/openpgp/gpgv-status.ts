/** What gpgv found out about one signature, in its own words where there is no better one. */
export type GpgvVerdict =
  | { readonly kind: 'good'; readonly by: string }
  /** The key has expired since, or had when it signed: seconds since 1970, undefined where gpgv did not say. */
  | { readonly kind: 'expired-key'; readonly by: string; readonly expired: number | undefined }
  | { readonly kind: 'expired-signature' }
  | { readonly kind: 'revoked-key' }
  | { readonly kind: 'bad' }
  | { readonly kind: 'unknown'; readonly status: string };

/** Each stands for another end, so with two of them nothing is said (GnuPG's doc/DETAILS, "General status codes"). */
const VERDICTS = ['GOODSIG', 'EXPKEYSIG', 'EXPSIG', 'REVKEYSIG', 'BADSIG', 'ERRSIG'] as const;
const FINGERPRINT = /^[0-9A-F]{40}$/;

/** Reads what `gpgv --status-fd` wrote about one signature. */
export function readGpgvStatus(text: string): GpgvVerdict {
  const lines = [...text.matchAll(/^\[GNUPG:\] ([A-Z_0-9]+)(?: (.*))?$/gm)].map(([, keyword = '', rest = '']) => ({
    keyword,
    words: rest.split(' '),
  }));
  const [verdict, another] = lines.filter(({ keyword }) => VERDICTS.some((one) => one === keyword));
  const unknown = { kind: 'unknown', status: lines.map(({ keyword }) => keyword).join(' ') } as const;
  if (verdict === undefined || another !== undefined) return unknown;
  const [valid] = lines.filter(({ keyword }) => keyword === 'VALIDSIG');
  const by = valid?.words[0] ?? '';
  switch (verdict.keyword) {
    case 'REVKEYSIG':
      return { kind: 'revoked-key' };
    case 'BADSIG':
      return { kind: 'bad' };
    case 'EXPSIG':
      return { kind: 'expired-signature' };
    case 'EXPKEYSIG':
      return FINGERPRINT.test(by) ? { kind: 'expired-key', by, expired: earliestExpiry(lines) } : unknown;
    case 'GOODSIG':
      return FINGERPRINT.test(by) ? { kind: 'good', by } : unknown;
    default:
      return unknown;
  }
}

/** Of the primary key and a subkey, whichever ended first. */
function earliestExpiry(lines: readonly { readonly keyword: string; readonly words: readonly string[] }[]) {
  const dates = lines.filter(({ keyword }) => keyword === 'KEYEXPIRED').map(({ words }) => Number(words[0]));
  return dates.length > 0 && dates.every((date) => Number.isSafeInteger(date)) ? Math.min(...dates) : undefined;
}
