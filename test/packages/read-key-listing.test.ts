import { expect, test } from 'vitest';
import { readKeyListing } from '../../src/packages/read-key-listing.ts';

const [A, B, C] = ['A', 'B', 'C'].map((letter) => letter.repeat(40));

test('each primary key is one, whatever subkeys it has', () => {
  const text = [
    'pub:-:3072:1:3BA66961D002E795:1735689600:::-:::scSC::::::23::0:',
    `fpr:::::::::${A}:`,
    'uid:-::::1735689600::X::one <one@example.com>::::::::::0:',
    'sub:-:3072:1:1111111111111111:1735689600::::::e::::::23:',
    `fpr:::::::::${C}:`,
    'pub:e:255:22:2222222222222222:1735689600:1767225600::-:::scSC::::::23::0:',
    `fpr:::::::::${B}:`,
    '',
  ].join('\n');
  expect(readKeyListing(text)).toEqual([
    { fingerprint: A, algorithm: 'rsa', secret: false, revoked: false },
    { fingerprint: B, algorithm: 'other', secret: false, revoked: false, expires: 1767225600 },
  ]);
});

test('a revoked key and a secret one say so', () => {
  expect(readKeyListing(`pub:r:3072:1:1:1:::-:\nfpr:::::::::${A}:\n`)).toMatchObject([{ revoked: true }]);
  expect(readKeyListing(`sec:-:3072:1:1:1:::-:\nfpr:::::::::${A}:\n`)).toMatchObject([{ secret: true }]);
});

test.each(['', 'tru::1:1:1:3:1:5\n', `fpr:::::::::${A}:\n`, '<html>\n'])('no key in %j', (text) => {
  expect(readKeyListing(text)).toEqual([]);
});
