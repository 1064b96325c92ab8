import { expect, test } from 'vitest';
import { checkSelfSignatures, chooseSigningKey, onlyBlock } from '../../src/build/choose-signing-key.ts';
import { readSecretKeys, readSelfSignatures, type SecretKey } from '../../src/build/gpg-keys.ts';

const PRIMARY = 'A'.repeat(40);
const EPOCH = 1_700_000_000;
const DAY = 86_400;

function key(change: Partial<SecretKey> = {}): SecretKey {
  return {
    fingerprint: PRIMARY,
    algorithm: 1,
    bits: 3072,
    created: EPOCH - DAY,
    revoked: false,
    invalid: false,
    signs: true,
    present: true,
    ...change,
  };
}

function choose(primary: SecretKey, subkeys: readonly SecretKey[] = [], wanted = PRIMARY) {
  return chooseSigningKey({ primary, subkeys, name: 'me' }, { key: wanted, epoch: EPOCH }).fingerprint;
}

test.each([
  ['revoked', { revoked: true }, 'this key is revoked'],
  ['disabled', { invalid: true }, 'disabled or invalid'],
  ['younger than the disc', { created: EPOCH + 1 }, 'was made on 2023-11-14T22:13:21Z, after the date of the disc'],
  ['expired', { expires: EPOCH }, 'has expired on 2023-11-14T22:13:20Z, before the date of the disc'],
  ['not for signing', { signs: false }, 'this key is not for signing'],
  ['Ed25519', { algorithm: 22, bits: 255 }, 'this key is not RSA'],
  ['short', { bits: 2048 }, 'this key has 2048 bits, fewer than 3072'],
  ['without its secret half', { present: false }, 'the secret half of this key is not here'],
])('a key that is %s is refused, and told why', (_, change, message) => {
  expect(() => choose(key(change))).toThrow(
    expect.objectContaining({ code: 'PREFLIGHT_FAILED', message: expect.stringContaining(message), where: PRIMARY }),
  );
});

test('a key made at the epoch signs, and one that expires after it', () => {
  expect(choose(key({ created: EPOCH, expires: EPOCH + 1 }))).toBe(PRIMARY);
});

test('the primary key signs where it can, else the newest subkey that can', () => {
  const old = key({ fingerprint: 'B'.repeat(40), created: EPOCH - 3 * DAY });
  const young = key({ fingerprint: 'C'.repeat(40), created: EPOCH - 2 * DAY });
  const unfit = key({ fingerprint: 'D'.repeat(40), algorithm: 22 });
  expect(choose(key(), [old, young])).toBe(PRIMARY);
  expect(choose(key({ signs: false }), [old, unfit, young])).toBe(young.fingerprint);
  expect(choose(key({ present: false }), [old])).toBe(old.fingerprint);
});

test('a subkey that is named signs, or is refused; no other takes its place', () => {
  const subkey = key({ fingerprint: 'B'.repeat(40) });
  expect(choose(key(), [subkey], `0x${subkey.fingerprint.toLowerCase()}!`)).toBe(subkey.fingerprint);
  expect(() => choose(key(), [{ ...subkey, bits: 1024 }], subkey.fingerprint)).toThrow('this subkey has 1024 bits');
});

test('a primary key that is revoked or over makes its subkeys worthless', () => {
  const subkey = key({ fingerprint: 'B'.repeat(40) });
  expect(() => choose(key({ revoked: true }), [subkey])).toThrow('this key is revoked');
  expect(() => choose(key({ expires: EPOCH - 1, signs: false }), [subkey])).toThrow('this key has expired');
});

test('none and several are wrong usage; several are listed', () => {
  const block = { primary: key(), subkeys: [], name: 'One <one@example.com>' };
  expect(onlyBlock([block], { key: 'one' })).toBe(block);
  expect(() => onlyBlock([], { key: 'two' })).toThrow('there is no secret key for "two"');
  const other = { ...block, primary: key({ fingerprint: 'B'.repeat(40) }), name: 'Two' };
  expect(() => onlyBlock([block, other], { key: 'o' })).toThrow(
    expect.objectContaining({ code: 'USAGE', hint: expect.stringContaining(`${PRIMARY} One <one@example.com>\nBBBB`) }),
  );
});

test('a key that rests on SHA-1 is refused, one that was renewed is not', () => {
  const signature = (over: string, hash: number, created = 1) => ({ over, hash, created });
  const primary = key();
  expect(() => checkSelfSignatures(primary, primary, [signature('me', 2)])).toThrow('vouches for itself with SHA-1');
  expect(() => checkSelfSignatures(primary, primary, [signature('me', 8), signature('me', 2, 2)])).toThrow('SHA-1');
  expect(() => checkSelfSignatures(primary, primary, [])).toThrow('SHA-1');
  checkSelfSignatures(primary, primary, [signature('me', 2), signature('me', 8, 2)]);
  checkSelfSignatures(primary, primary, [signature('me', 2), signature('my other name', 10)]);
  const subkey = key({ fingerprint: 'B'.repeat(40) });
  const binding = signature(subkey.fingerprint, 2);
  checkSelfSignatures(primary, primary, [signature('me', 8), binding]);
  expect(() => checkSelfSignatures(primary, subkey, [signature('me', 8), binding])).toThrow('SHA-1');
});

test('what GnuPG lists is read: keys with their subkeys, dates, tokens', () => {
  const [block, another] = readSecretKeys(
    [
      'sec:u:3072:1:1111111111111111:1600000000:1900000000::u:::scESC:::#:::23::0:',
      `fpr:::::::::${PRIMARY}:`,
      'grp:::::::::0123456789012345678901234567890123456789:',
      'uid:u::::1600000000::HASH::A name\\x3a with a colon <a@example.com>::::::::::0:',
      'uid:u::::1600000000::HASH::Another name::::::::::0:',
      'ssb:r:4096:1:2222222222222222:1600000001::::::s:::+:::23:',
      `fpr:::::::::${'B'.repeat(40)}:`,
      'ssb:u:255:22:3333333333333333:1600000002::::::e:::D276000124010303000500000000:::ed25519:',
      `fpr:::::::::${'C'.repeat(40)}:`,
      'sec:e:2048:17:4444444444444444:1500000000:1600000000:::::scSCD:::+:::23::0:',
      `fpr:::::::::${'D'.repeat(40)}:`,
      '',
    ].join('\n'),
  );
  expect(block?.name).toBe('A name: with a colon <a@example.com>');
  expect(block?.primary).toEqual(
    key({ created: 1_600_000_000, expires: 1_900_000_000, present: false, fingerprint: PRIMARY }),
  );
  expect(block?.subkeys).toEqual([
    key({ fingerprint: 'B'.repeat(40), created: 1_600_000_001, bits: 4096, revoked: true }),
    key({ fingerprint: 'C'.repeat(40), created: 1_600_000_002, bits: 255, algorithm: 22, signs: false }),
  ]);
  expect(another?.primary).toMatchObject({ fingerprint: 'D'.repeat(40), algorithm: 17, invalid: true });
  expect(readSecretKeys('')).toEqual([]);
});

test('of all signatures those count that a key made over itself', () => {
  const list = [
    'pub:u:3072:1:1111111111111111:1600000000:::u:::scESC::::::23::0:',
    `fpr:::::::::${PRIMARY}:`,
    'sig:::1:1111111111111111:1600000000::::A name:1fx:::::10:',
    'uid:u::::1600000000::HASH::A name::::::::::0:',
    'sig:::1:1111111111111111:1600000000::::A name:13x:::::2:',
    'sig:::1:9999999999999999:1600000009::::A friend:10x:::::8:',
    'rev:::1:1111111111111111:1600000010::::A name:30x:::::8:',
    'sub:u:3072:1:2222222222222222:1600000000::::::s::::::23:',
    `fpr:::::::::${'B'.repeat(40)}:`,
    'sig:::1:1111111111111111:1600000003::::A name:18x:::::8:',
  ].join('\n');
  expect(readSelfSignatures(list)).toEqual([
    { over: 'A name', created: 1_600_000_000, hash: 2 },
    { over: 'B'.repeat(40), created: 1_600_000_003, hash: 8 },
  ]);
});
