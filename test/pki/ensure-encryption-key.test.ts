import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { encryptionKeySpecification } from '../../src/kubernetes/pki/encryption-configuration.ts';
import { ensureEncryptionKey } from '../../src/pki/ensure-encryption-key.ts';
import { memoryStore } from '../support/pki/memory-store.ts';

const PATH = '/etc/kubernetes/encryption.conf';
const secretbox = encryptionKeySpecification('secretbox');

describe('ensureEncryptionKey', () => {
  it.each(['secretbox', 'aescbc'] as const)(
    'makes a configuration for %s with a key of its own, and keeps it',
    async (provider) => {
      const wanted = encryptionKeySpecification(provider);
      const secrets = new Set<string>();
      for (const store of [memoryStore(), memoryStore()]) {
        expect(await ensureEncryptionKey(wanted, { store })).toEqual({ path: PATH, changed: true, why: 'was missing' });
        expect(store.files.get(PATH)).toMatchObject({ mode: 0o600, uid: 0, gid: 0 });
        const [rule] = parse(store.files.get(PATH)?.content ?? '').resources;
        const { secret } = rule.providers[0][provider].keys[0];
        expect(Buffer.from(secret, 'base64')).toHaveLength(32);
        secrets.add(secret);
        expect(await ensureEncryptionKey(wanted, { store })).toEqual({ path: PATH, changed: false, why: 'valid' });
      }
      expect(secrets.size).toBe(2);
    },
  );

  it('keeps a configuration with further keys, providers and resources', async () => {
    const store = memoryStore();
    const key = (name: string) => ({ name, secret: Buffer.alloc(32, name).toString('base64') });
    store.put(
      PATH,
      JSON.stringify({
        kind: 'EncryptionConfiguration',
        resources: [
          { resources: ['configmaps'], providers: [{ identity: {} }] },
          {
            resources: ['events', 'secrets'],
            providers: [{ secretbox: { keys: [key('b'), key('a')] } }, { aescbc: { keys: [key('a')] } }],
          },
        ],
      }),
    );
    expect(await ensureEncryptionKey(secretbox, { store })).toMatchObject({ changed: false });
  });

  it('mends its protection', async () => {
    const store = memoryStore();
    await ensureEncryptionKey(secretbox, { store });
    store.put(PATH, store.files.get(PATH)?.content ?? '', 0o644);
    expect(await ensureEncryptionKey(secretbox, { store })).toMatchObject({
      changed: true,
      why: `${PATH}: mode was 0644, not 0600`,
    });
  });

  const rule = (providers: unknown, resources: unknown = ['secrets']) =>
    JSON.stringify({ kind: 'EncryptionConfiguration', resources: [{ resources, providers }] });
  const secret = Buffer.alloc(32, 's').toString('base64');
  it.each([
    ['\0', /^is not an EncryptionConfiguration$/],
    ['', /^is not an EncryptionConfiguration$/],
    ['[', /^is not an EncryptionConfiguration$/],
    // Read in part, it would be good.
    [`${rule([{ secretbox: { keys: [{ name: 'a', secret }] } }])}]`, /^is not an EncryptionConfiguration$/],
    ['kind: EncryptionConfiguration', /^is not an EncryptionConfiguration$/],
    ['kind: EncryptionConfiguration\nresources: [1]', /^does not encrypt secrets$/],
    [rule([{ secretbox: {} }], ['configmaps']), /^does not encrypt secrets$/],
    [rule([]), /^does not encrypt secrets$/],
    [rule([{}]), /^encrypts secrets with nothing, not with secretbox$/],
    [rule([{ identity: {} }]), /^encrypts secrets with identity, not with secretbox$/],
    [rule([{ aescbc: { keys: [{ name: 'a', secret }] } }]), /^encrypts secrets with aescbc, not with secretbox$/],
    [rule([{ secretbox: { keys: [] } }]), /^has no usable key for secretbox$/],
    [rule([{ secretbox: { keys: [{ name: 'a', secret: 'c2hvcnQ=' }] } }]), /^has no usable key for secretbox$/],
    [rule([{ secretbox: { keys: [{ secret }] } }]), /^has no usable key for secretbox$/],
  ])('refuses and changes nothing: %s', async (content, message) => {
    const store = memoryStore();
    store.put(PATH, content);
    const before = new Map(store.files);
    const error = await ensureEncryptionKey(secretbox, { store }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ where: PATH, message: expect.stringMatching(message) });
    expect(`${error}${JSON.stringify(error)}`).not.toContain(secret);
    expect(store.files).toEqual(before);
  });
});
