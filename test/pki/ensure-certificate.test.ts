import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { certificateSpecifications } from '../../src/kubernetes/pki/certificate-specifications.ts';
import type { CertificateSpecification, LeafSpecification } from '../../src/kubernetes/pki/specification.ts';
import { ensureCertificate } from '../../src/pki/ensure-certificate.ts';
import type { PkiContext } from '../../src/pki/pki-context.ts';
import { generatePrivateKey, privateKeyPem } from '../../src/pki/private-key.ts';
import { readCertificates } from '../../src/pki/read-certificate.ts';
import { signFor } from '../../src/pki/sign-for.ts';
import { type MemoryStore, memoryStore } from '../support/pki/memory-store.ts';
import { pkiCluster, pkiNode } from '../support/pki/nodes.ts';

const now = new Date('2026-11-21T10:34:20.789Z');
const CA = '/etc/kubernetes/pki/ca';
const API = '/etc/kubernetes/pki/apiserver';
const ca = specification('ca');
const apiserver = leaf('apiserver');
const weakKey = privateKeyPem(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey);

describe('an authority', () => {
  it('is made where it is missing, key before certificate', async () => {
    const { store, context } = host();
    expect(await ensureCertificate(ca, context)).toEqual({ path: `${CA}.crt`, changed: true, why: 'was missing' });
    expect(store.written).toEqual([`${CA}.key`, `${CA}.crt`]);
    expect(store.files.get(`${CA}.key`)).toMatchObject({ mode: 0o600, uid: 0, gid: 0 });
    expect(store.files.get(`${CA}.crt`)).toMatchObject({ mode: 0o644, uid: 0, gid: 0 });
    const { certificate } = contentOf(store, CA);
    expect(certificate.validFromDate.toISOString()).toBe('2026-11-21T10:29:20.000Z');
    expect(certificate.validToDate.toISOString()).toBe('2036-11-18T10:34:20.000Z');
    expect(certificate.ca).toBe(true);
  });

  it('is kept, by a second run', async () => {
    const { store, context } = await hostWithAuthority();
    const before = new Map(store.files);
    expect(await ensureCertificate(ca, context)).toEqual({
      path: `${CA}.crt`,
      changed: false,
      why: 'valid until 2036-11-18',
    });
    expect(store.files).toEqual(before);
  });

  it('gets a certificate for the key that a killed run has left', async () => {
    const { store, context } = await hostWithAuthority();
    const key = store.files.get(`${CA}.key`)?.content;
    store.files.delete(`${CA}.crt`);
    expect(await ensureCertificate(ca, context)).toMatchObject({
      changed: true,
      why: `was missing; made for ${CA}.key`,
    });
    expect(store.files.get(`${CA}.key`)?.content).toBe(key);
    expect(pairFits(store, CA)).toBe(true);
  });

  it('may have its key elsewhere', async () => {
    const { store, context } = await hostWithAuthority();
    store.files.delete(`${CA}.key`);
    expect(await ensureCertificate(ca, context)).toMatchObject({
      changed: false,
      why: 'valid until 2036-11-18; its key is kept elsewhere',
    });
  });

  it('only has its protection mended', async () => {
    const { store, context } = await hostWithAuthority();
    const key = store.files.get(`${CA}.key`);
    store.put(`${CA}.key`, key?.content ?? '', 0o644);
    expect(await ensureCertificate(ca, context)).toMatchObject({
      changed: true,
      why: `${CA}.key: mode was 0644, not 0600`,
    });
    expect(store.files.get(`${CA}.key`)).toMatchObject({ ...key });
  });

  it.each<[string, (store: MemoryStore) => unknown, string, RegExp]>([
    ['garbage', (store) => store.put(`${CA}.crt`, 'garbage'), `${CA}.crt`, /is not a certificate in PEM/],
    ['an empty certificate', (store) => store.put(`${CA}.crt`, ''), `${CA}.crt`, /is not a certificate in PEM/],
    ['an empty key', (store) => store.put(`${CA}.key`, ''), `${CA}.key`, /the key of an authority is empty/],
    [
      'a broken key',
      (store) => store.put(`${CA}.key`, '-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n'),
      `${CA}.key`,
      /is not a private key in PEM/,
    ],
    [
      "another authority's key",
      async (store) => store.put(`${CA}.key`, await newKey()),
      `${CA}.key`,
      /does not belong to the authority's certificate .*\/ca\.crt/,
    ],
    [
      'an altered certificate',
      (store) => store.put(`${CA}.crt`, altered(store.files.get(`${CA}.crt`)?.content ?? '')),
      `${CA}.crt`,
      /has been altered: its signature is wrong/,
    ],
    ['a leaf in its place', (store) => putLeaf(store), `${CA}.crt`, /may not sign other certificates/],
  ])('is refused, never replaced: %s', async (_, spoil, where, message) => {
    const { store, context } = await hostWithAuthority();
    await spoil(store);
    const before = new Map(store.files);
    await expect(ensureCertificate(ca, context)).rejects.toMatchObject({
      code: 'DIFFERS',
      where,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/.{40}/),
    });
    expect(store.files).toEqual(before);
  });

  it.each([
    ['2036-11-18T10:34:21Z', /has expired on 2036-11-18/],
    ['2026-11-21T10:29:19Z', /is not valid before 2026-11-21/],
  ])('is refused at %s', async (date, message) => {
    const { context } = await hostWithAuthority();
    const later = { ...context, now: new Date(date) };
    for (const one of [ca, apiserver]) {
      await expect(ensureCertificate(one, later)).rejects.toMatchObject({
        where: `${CA}.crt`,
        message: expect.stringMatching(message),
      });
    }
  });
});

describe('an authority on a node that only trusts it', () => {
  const trusted = certificateSpecifications(pkiNode({ roles: ['workload'] })).find(({ name }) => name === 'ca') ?? ca;

  it('is the one of the issuing host, without its key', async () => {
    const { store: issuers } = await hostWithAuthority();
    const { store, context } = host();
    expect(await ensureCertificate(trusted, { ...context, issuers })).toMatchObject({ changed: true });
    expect(store.files.get(`${CA}.crt`)?.content).toBe(issuers.files.get(`${CA}.crt`)?.content);
    expect([...store.files.keys()]).toEqual([`${CA}.crt`]);
    expect(await ensureCertificate(trusted, { ...context, issuers })).toMatchObject({ changed: false });
  });

  it('is refused when the node trusts another', async () => {
    const { store: issuers } = await hostWithAuthority();
    const { context } = await hostWithAuthority();
    await expect(ensureCertificate(trusted, { ...context, issuers })).rejects.toThrow(/trusts another authority/);
  });

  it('cannot be made up', async () => {
    await expect(ensureCertificate(trusted, host().context)).rejects.toMatchObject({ where: `${CA}.crt` });
  });
});

describe('a leaf', () => {
  it('is issued where it is missing, key before certificate, and then kept', async () => {
    const { store, context } = await hostWithAuthority();
    store.written.length = 0;
    expect(await ensureCertificate(apiserver, context)).toEqual({
      path: `${API}.crt`,
      changed: true,
      why: 'certificate was missing; key was missing',
    });
    expect(store.written).toEqual([`${API}.key`, `${API}.crt`]);
    expect(store.files.get(`${API}.key`)?.mode).toBe(0o600);
    expect(await ensureCertificate(apiserver, context)).toEqual({
      path: `${API}.crt`,
      changed: false,
      why: 'valid until 2027-11-21',
    });
    expect(store.written).toHaveLength(2);
    expect(contentOf(store, API).certificate.verify(contentOf(store, CA).certificate.publicKey)).toBe(true);
  });

  it('says what it was specified to say', async () => {
    const { store } = await hostWithLeaf();
    const found = readCertificates(store.files.get(`${API}.crt`)?.content ?? '')?.[0];
    const { commonName, organizations, dnsNames, ipAddresses, keyUsages, extendedKeyUsages } = apiserver.profile;
    expect(found).toMatchObject({
      commonName,
      organizations,
      dnsNames,
      ipAddresses,
      keyUsages,
      extendedKeyUsages,
      isAuthority: false,
    });
    expect(found?.authorityKeyIdentifier).toEqual(
      readCertificates(store.files.get(`${CA}.crt`)?.content ?? '')?.[0].subjectKeyIdentifier,
    );
    expect(found?.subjectKeyIdentifier).toBeUndefined();
  });

  it('gets the key algorithm that is asked for, in the format of kubeadm', async () => {
    const { store, context } = await hostWithAuthority();
    for (const [keyAlgorithm, label, details] of [
      ['RSA-2048', 'RSA PRIVATE KEY', { modulusLength: 2048 }],
      ['ECDSA-P256', 'EC PRIVATE KEY', { namedCurve: 'prime256v1' }],
      ['ECDSA-P384', 'EC PRIVATE KEY', { namedCurve: 'secp384r1' }],
    ] as const) {
      store.files.delete(`${API}.key`);
      await ensureCertificate(changed({ keyAlgorithm }), context);
      const pem = store.files.get(`${API}.key`)?.content ?? '';
      expect(pem).toMatch(new RegExp(`^-----BEGIN ${label}-----\n`));
      expect(createPrivateKey(pem).asymmetricKeyDetails).toMatchObject(details);
      expect(pairFits(store, API)).toBe(true);
    }
  });

  it.each<[string, (store: MemoryStore) => unknown, RegExp, boolean]>([
    ['a missing certificate', (store) => store.files.delete(`${API}.crt`), /^certificate was missing$/, true],
    ['a missing key', (store) => store.files.delete(`${API}.key`), /^key was missing$/, false],
    ['a garbage certificate', (store) => store.put(`${API}.crt`, '\0garbage'), /is not a certificate in PEM/, true],
    ['a garbage key', (store) => store.put(`${API}.key`, 'garbage'), /its key is not a private key in PEM/, false],
    ['a weak key', (store) => store.put(`${API}.key`, weakKey), /its key is rsa 1024, neither RSA of 2048/, false],
    ["another's key", async (store) => store.put(`${API}.key`, await newKey()), /does not belong to its key/, true],
    ["another authority's signature", (store) => putForeign(store), /is not signed by CN=kubernetes/, true],
    [
      'an authority in its place',
      (store) => store.put(`${API}.crt`, store.files.get(`${CA}.crt`)?.content ?? ''),
      /is of an authority/,
      true,
    ],
  ])('is issued anew for %s', async (_, spoil, why, keepsKey) => {
    const { store, context } = await hostWithLeaf();
    await spoil(store);
    const key = store.files.get(`${API}.key`)?.content;
    expect(await ensureCertificate(apiserver, context)).toMatchObject({
      changed: true,
      why: expect.stringMatching(why),
    });
    expect(store.files.get(`${API}.key`)?.content === key).toBe(keepsKey);
    expect(pairFits(store, API)).toBe(true);
    expect(await ensureCertificate(apiserver, context)).toMatchObject({ changed: false });
  });

  it.each<[string, LeafSpecification, RegExp]>([
    [
      'another name',
      changed({ dnsNames: [...apiserver.profile.dnsNames, 'api.example'] }),
      /^lacks subject alternative name api\.example$/,
    ],
    [
      'another address',
      changed({ ipAddresses: ['10.9.9.9'] }),
      /lacks subject alternative name 10\.9\.9\.9; has subject alternative name .* too many/,
    ],
    ['another common name', changed({ commonName: 'other' }), /^is for CN=kube-apiserver, not for CN=other$/],
    ['another group', changed({ organizations: ['g'] }), /not for O=g, CN=kube-apiserver/],
    [
      'another usage',
      changed({ extendedKeyUsages: ['serverAuth', 'clientAuth'] }),
      /lacks extended key usage clientAuth/,
    ],
    ['one usage less', changed({ keyUsages: ['digitalSignature'] }), /has key usage keyEncipherment too many/],
  ])('is issued anew for a specification with %s, for the same key', async (_, wanted, why) => {
    const { store, context } = await hostWithLeaf();
    const key = store.files.get(`${API}.key`);
    expect(await ensureCertificate(wanted, context)).toMatchObject({ changed: true, why: expect.stringMatching(why) });
    expect(store.files.get(`${API}.key`)).toEqual(key);
    expect(await ensureCertificate(wanted, context)).toMatchObject({ changed: false });
  });

  it.each<[string, number, boolean, RegExp]>([
    ['2027-08-23T10:34:19Z', 90, false, /^valid until 2027-11-21$/],
    ['2027-08-23T10:34:20Z', 90, true, /^ends on 2027-11-21, in 90 days$/],
    ['2027-11-21T10:34:20Z', 0, true, /^ends on 2027-11-21, in 0 days$/],
    ['2027-11-21T10:34:21Z', 0, true, /^has expired on 2027-11-21$/],
    ['2026-11-21T10:29:20Z', 90, false, /^valid until/],
    ['2026-11-21T10:34:20Z', Number.POSITIVE_INFINITY, true, /^ends on 2027-11-21, in 365 days$/],
  ])('at %s, with %s days to renew in, is made anew: %s', async (date, renewWithinDays, isChanged, why) => {
    const { store, context } = await hostWithLeaf();
    const key = store.files.get(`${API}.key`);
    const outcome = await ensureCertificate(apiserver, { ...context, now: new Date(date), renewWithinDays });
    expect(outcome).toMatchObject({ changed: isChanged, why: expect.stringMatching(why) });
    expect(store.files.get(`${API}.key`)).toEqual(key);
  });

  it('has its protection mended, and nothing else changed', async () => {
    const { store, context } = await hostWithLeaf();
    const { content = '' } = store.files.get(`${API}.key`) ?? {};
    store.files.set(`${API}.key`, { path: `${API}.key`, content, mode: 0o640, uid: 5, gid: 6 });
    expect(await ensureCertificate(apiserver, context)).toEqual({
      path: `${API}.crt`,
      changed: true,
      why: `${API}.key: mode was 0640, not 0600, owner was 5:6, not 0:0`,
    });
    expect(store.files.get(`${API}.key`)).toEqual({ ...apiserver.key, content });
  });

  it('is trusted through an intermediate authority that stands in its file', async () => {
    const { store, context } = await hostWithLeaf();
    const root = await authority(store);
    const key = await generatePrivateKey('ECDSA-P256');
    const subject = { ...ca.profile, commonName: 'intermediate' };
    const intermediate = signFor(subject, { key, signer: root, now });
    const certificate = readCertificates(intermediate)?.[0];
    if (!certificate) throw new Error('no intermediate');
    const leafKey = createPrivateKey(store.files.get(`${API}.key`)?.content ?? '');
    const issued = signFor(apiserver.profile, { key: leafKey, signer: { certificate, key }, now });
    store.put(`${API}.crt`, issued + intermediate);
    expect(await ensureCertificate(apiserver, context)).toMatchObject({ changed: false });
    store.put(`${API}.crt`, issued);
    expect(await ensureCertificate(apiserver, context)).toMatchObject({
      changed: true,
      why: 'is not signed by CN=kubernetes',
    });
  });

  it('is not issued without its authority', async () => {
    await expect(ensureCertificate(apiserver, host().context)).rejects.toMatchObject({ where: `${CA}.crt` });
  });

  it('has a random, positive serial number of 128 bits', async () => {
    const { store, context } = await hostWithAuthority();
    const serials = new Set<string>();
    for (let count = 0; count < 50; count += 1) {
      await ensureCertificate(apiserver, { ...context, renewWithinDays: Number.POSITIVE_INFINITY });
      serials.add(contentOf(store, API).certificate.serialNumber);
    }
    expect(serials.size).toBe(50);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  it('outlives 2049, when dates are written differently', async () => {
    const late = new Date('2049-06-01T00:00:00Z');
    const { store, context } = host();
    const then = { ...context, now: late };
    await ensureCertificate(ca, then);
    await ensureCertificate(apiserver, then);
    expect(contentOf(store, API).certificate.validToDate.toISOString()).toBe('2050-06-01T00:00:00.000Z');
    expect(await ensureCertificate(apiserver, then)).toMatchObject({ changed: false });
  });
});

describe('a leaf whose authority keeps its key elsewhere', () => {
  async function brought() {
    const made = await hostWithLeaf();
    made.store.files.delete(`${CA}.key`);
    return made;
  }

  it('is kept, also when a newly issued one would be different or is due', async () => {
    const { context } = await brought();
    expect(await ensureCertificate(apiserver, context)).toMatchObject({
      changed: false,
      why: 'valid until 2027-11-21',
    });
    const fewer = changed({ dnsNames: ['cp1'], commonName: 'other' });
    expect(await ensureCertificate(fewer, { ...context, renewWithinDays: 400 })).toMatchObject({
      changed: false,
      why: expect.stringMatching(
        /^valid until 2027-11-21; brought along, so kept although it is for CN=kube-apiserver.*ends on 2027-11-21/,
      ),
    });
  });

  it.each<[string, (store: MemoryStore) => unknown, string]>([
    [
      'both files',
      (store) => [store.files.delete(`${API}.crt`), store.files.delete(`${API}.key`)],
      `${API}.crt and ${API}.key`,
    ],
    ['a missing key', (store) => store.files.delete(`${API}.key`), `${API}.key`],
    ['garbage', (store) => store.put(`${API}.crt`, 'x'), `${API}.crt`],
  ])('must be brought: %s', async (_, spoil, where) => {
    const { store, context } = await brought();
    await spoil(store);
    const before = new Map(store.files);
    await expect(ensureCertificate(apiserver, context)).rejects.toMatchObject({
      where,
      hint: expect.stringMatching(
        /CN=kube-apiserver with subject alternative names cp1, .*signed by .*ca\.crt.*put the authority's key at .*ca\.key/,
      ),
    });
    expect(store.files).toEqual(before);
  });

  it('may be in more groups than asked for, not in fewer', async () => {
    const { store, context } = await hostWithAuthority();
    const inGroup = clientWith(['kubeadm:cluster-admins']);
    await ensureCertificate(inGroup, context);
    expect(await ensureCertificate(clientWith([]), context)).toMatchObject({
      changed: true,
      why: 'has organization kubeadm:cluster-admins too many',
    });
    store.files.delete(`${CA}.key`);
    await expect(ensureCertificate(inGroup, context)).rejects.toThrow(/not for O=kubeadm:cluster-admins/);
  });

  it('must be brought again before it expires, or with a name it lacks', async () => {
    const { context } = await brought();
    await expect(ensureCertificate(apiserver, { ...context, now: new Date('2028-01-01') })).rejects.toThrow(
      /has expired/,
    );
    await expect(ensureCertificate(changed({ dnsNames: ['new.example'] }), context)).rejects.toThrow(
      /lacks subject alternative name new\.example/,
    );
  });
});

function host(): { store: MemoryStore; context: PkiContext } {
  const store = memoryStore();
  return { store, context: { store, now, renewWithinDays: 90 } };
}

async function hostWithAuthority() {
  const made = host();
  await ensureCertificate(ca, made.context);
  return made;
}

async function hostWithLeaf() {
  const made = await hostWithAuthority();
  await ensureCertificate(apiserver, made.context);
  made.store.written.length = 0;
  return made;
}

function specification(name: string): CertificateSpecification {
  const found = certificateSpecifications(pkiNode({ cluster: pkiCluster() })).find((one) => one.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

function leaf(name: string): LeafSpecification {
  const found = specification(name);
  if (found.kind !== 'leaf') throw new Error(`${name} is no leaf`);
  return found;
}

function clientWith(organizations: readonly string[]): LeafSpecification {
  const client = leaf('apiserver-kubelet-client');
  return { ...client, profile: { ...client.profile, organizations } };
}

function changed(profile: Partial<LeafSpecification['profile']>): LeafSpecification {
  return { ...apiserver, profile: { ...apiserver.profile, ...profile } };
}

function contentOf(store: MemoryStore, path: string) {
  return { certificate: new X509Certificate(store.files.get(`${path}.crt`)?.content ?? '') };
}

function pairFits(store: MemoryStore, path: string): boolean {
  return contentOf(store, path).certificate.checkPrivateKey(
    createPrivateKey(store.files.get(`${path}.key`)?.content ?? ''),
  );
}

async function authority(store: MemoryStore) {
  const certificate = readCertificates(store.files.get(`${CA}.crt`)?.content ?? '')?.[0];
  if (!certificate) throw new Error('no authority');
  return { certificate, key: createPrivateKey(store.files.get(`${CA}.key`)?.content ?? '') };
}

async function newKey(): Promise<string> {
  return privateKeyPem(await generatePrivateKey('ECDSA-P256'));
}

async function putLeaf(store: MemoryStore): Promise<void> {
  const signer = await authority(store);
  store.put(`${CA}.crt`, signFor(apiserver.profile, { key: signer.key, signer, now }));
}

async function putForeign(store: MemoryStore): Promise<void> {
  const other = await hostWithLeaf();
  for (const end of ['crt', 'key']) store.put(`${API}.${end}`, other.store.files.get(`${API}.${end}`)?.content ?? '');
}

/** The same certificate with another bit in its signature. */
function altered(pem: string): string {
  const der = Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');
  der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
}
