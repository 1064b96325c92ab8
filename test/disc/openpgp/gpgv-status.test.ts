import { expect, test } from 'vitest';
import { readGpgvStatus } from '../../../src/disc/openpgp/gpgv-status.ts';

const fingerprint = 'BA0A8FED4B52BD65C1B69DC56772E76357D46C9F';
const valid = `VALIDSIG ${fingerprint} 2026-01-02 1767312000 0 4 0 1 8 00 ${fingerprint}`;

/** Recorded from gpgv 2.2.40. */
test.each([
  [['NEWSIG', `GOODSIG 6772E76357D46C9F a <a@b.c>`, valid], { kind: 'good', by: fingerprint }],
  [
    ['KEYEXPIRED 1769817600', 'EXPKEYSIG 6772E76357D46C9F a', valid],
    { kind: 'expired-key', by: fingerprint, expired: 1_769_817_600 },
  ],
  [
    ['KEYEXPIRED 1769817600', 'KEYEXPIRED 1767000000', 'EXPKEYSIG 6772E76357D46C9F a', valid],
    { kind: 'expired-key', by: fingerprint, expired: 1_767_000_000 },
  ],
  [['EXPKEYSIG 6772E76357D46C9F a', valid], { kind: 'expired-key', by: fingerprint, expired: undefined }],
  [
    ['KEYEXPIRED soon', 'EXPKEYSIG 6772E76357D46C9F a', valid],
    { kind: 'expired-key', by: fingerprint, expired: undefined },
  ],
  [['EXPSIG 6772E76357D46C9F a', valid], { kind: 'expired-signature' }],
  [['REVKEYSIG 6772E76357D46C9F a', valid], { kind: 'revoked-key' }],
  [['BADSIG 6772E76357D46C9F a'], { kind: 'bad' }],
  [
    ['ERRSIG 6772E76357D46C9F 1 8 00 1767312000 9 X', 'NO_PUBKEY 6772E76357D46C9F'],
    { kind: 'unknown', status: 'ERRSIG NO_PUBKEY' },
  ],
  [['GOODSIG 6772E76357D46C9F a'], { kind: 'unknown', status: 'GOODSIG' }],
  [['GOODSIG 6772E76357D46C9F a', 'VALIDSIG nonsense'], { kind: 'unknown', status: 'GOODSIG VALIDSIG' }],
  [['GOODSIG A a', valid, 'BADSIG B b'], { kind: 'unknown', status: 'GOODSIG VALIDSIG BADSIG' }],
  [[valid], { kind: 'unknown', status: 'VALIDSIG' }],
  [[], { kind: 'unknown', status: '' }],
])('%j', (lines, verdict) => {
  expect(readGpgvStatus(lines.map((line) => `[GNUPG:] ${line}\n`).join(''))).toEqual(verdict);
});

test('a name cannot pass for a status', () => {
  const text = `[GNUPG:] BADSIG 6772E76357D46C9F [GNUPG:] GOODSIG\nGOODSIG 6772E76357D46C9F\n ${valid}\n`;
  expect(readGpgvStatus(text)).toEqual({ kind: 'bad' });
});
