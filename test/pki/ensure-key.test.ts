import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { serviceAccountKeySpecification } from '../../src/kubernetes/pki/pki-specifications.ts';
import { ensureKey } from '../../src/pki/ensure-key.ts';
import { generatePrivateKey, privateKeyPem, publicKeyPem } from '../../src/pki/private-key.ts';
import { type MemoryStore, memoryStore } from '../support/pki/memory-store.ts';
import { pkiNode } from '../support/pki/nodes.ts';

const KEY = '/etc/kubernetes/pki/sa.key';
const PUB = '/etc/kubernetes/pki/sa.pub';
const wanted = serviceAccountKeySpecification(pkiNode());

describe('ensureKey', () => {
  it('makes a pair, private half first, both for root alone, and keeps it', async () => {
    const store = memoryStore();
    expect(await ensureKey(wanted, { store })).toEqual({ path: KEY, changed: true, why: 'was missing' });
    expect(store.written).toEqual([KEY, PUB]);
    expect([...store.files.values()].map(({ mode }) => mode)).toEqual([0o600, 0o600]);
    const signature = sign('sha256', Buffer.from('x'), createPrivateKey(textOf(store, KEY)));
    expect(verify('sha256', Buffer.from('x'), createPublicKey(textOf(store, PUB)), signature)).toBe(true);
    expect(await ensureKey(wanted, { store })).toEqual({ path: KEY, changed: false, why: 'valid' });
    expect(store.written).toHaveLength(2);
  });

  it('makes a missing public half from the private one', async () => {
    const store = await withPair();
    const pub = textOf(store, PUB);
    store.files.delete(PUB);
    expect(await ensureKey(wanted, { store })).toMatchObject({ changed: true, why: `${PUB} was missing` });
    expect(textOf(store, PUB)).toBe(pub);
    expect(store.written).toEqual([KEY, PUB, PUB]);
  });

  it('takes a public file with further keys', async () => {
    const store = await withPair();
    store.put(PUB, publicKeyPem(await generatePrivateKey('RSA-2048')) + textOf(store, PUB));
    // Twice, because comparing keys of different types once made the next key unreadable.
    for (let run = 0; run < 2; run += 1) expect(await ensureKey(wanted, { store })).toMatchObject({ changed: false });
  });

  it('mends protection', async () => {
    const store = await withPair();
    store.put(KEY, textOf(store, KEY), 0o644);
    expect(await ensureKey(wanted, { store })).toMatchObject({ changed: true, why: `${KEY}: mode was 0644, not 0600` });
  });

  it.each<[string, (store: MemoryStore) => unknown, string, RegExp]>([
    [
      'a missing private half',
      (store) => store.files.delete(KEY),
      KEY,
      /the private key is missing, while .*sa\.pub is there/,
    ],
    ['garbage', (store) => store.put(KEY, 'x'), KEY, /the key is not a private key in PEM/],
    [
      'a passphrase',
      (store) => store.put(KEY, encrypted(textOf(store, KEY))),
      KEY,
      /the key is encrypted with a passphrase/,
    ],
    ['an Ed25519 key', (store) => store.put(KEY, ed25519), KEY, /the key is ed25519, neither RSA/],
    [
      'a foreign public half',
      async (store) => store.put(PUB, publicKeyPem(await generatePrivateKey('ECDSA-P256'))),
      PUB,
      /no public key of the file belongs to .*sa\.key/,
    ],
    ['a garbage public half', (store) => store.put(PUB, 'x'), PUB, /no public key of the file belongs/],
  ])('refuses and changes nothing: %s', async (_, spoil, where, message) => {
    const store = await withPair();
    await spoil(store);
    const before = new Map(store.files);
    await expect(ensureKey(wanted, { store })).rejects.toMatchObject({
      where,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/Put back/),
    });
    expect(store.files).toEqual(before);
  });
});

const ed25519 =
  '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n-----END PRIVATE KEY-----\n';

async function withPair(): Promise<MemoryStore> {
  const store = memoryStore();
  store.put(KEY, privateKeyPem(await generatePrivateKey('ECDSA-P256')));
  await ensureKey(wanted, { store });
  store.written.unshift(KEY);
  return store;
}

function encrypted(pem: string): string {
  const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const;
  return createPrivateKey(pem).export(options).toString();
}

function textOf(store: MemoryStore, path: string): string {
  return store.files.get(path)?.content ?? '';
}
