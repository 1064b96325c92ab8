import { createPrivateKey, X509Certificate } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { kubeconfigSpecifications } from '../../src/kubernetes/pki/kubeconfig-specifications.ts';
import { pkiSpecifications } from '../../src/kubernetes/pki/pki-specifications.ts';
import type { KubeconfigSpecification } from '../../src/kubernetes/pki/specification.ts';
import { ensureKubeconfig } from '../../src/pki/ensure-kubeconfig.ts';
import { ensurePki } from '../../src/pki/ensure-pki.ts';
import type { PkiContext } from '../../src/pki/pki-context.ts';
import { readKubeconfig } from '../../src/pki/read-kubeconfig.ts';
import { type MemoryStore, memoryStore } from '../support/pki/memory-store.ts';
import { pkiNode } from '../support/pki/nodes.ts';

const now = new Date('2026-11-21T10:34:20Z');
const ADMIN = '/etc/kubernetes/admin.conf';
const KUBELET = '/etc/kubernetes/kubelet.conf';
const ROTATED = '/var/lib/kubelet/pki/kubelet-client-current.pem';
const CA = '/etc/kubernetes/pki/ca';
const admin = specification('admin.conf');
const kubelet = specification('kubelet.conf');

let store: MemoryStore;
let context: PkiContext;

beforeEach(async () => {
  store = memoryStore();
  context = { store, now, renewWithinDays: 90 };
  await ensurePki(pkiSpecifications(pkiNode(), 'secretbox'), context);
  store.written.length = 0;
});

describe('ensureKubeconfig', () => {
  it('makes a file that holds authority, certificate and key, and keeps it', async () => {
    const found = readKubeconfig(textOf(ADMIN));
    const certificate = new X509Certificate(found?.certificate ?? '');
    expect(found).toMatchObject({
      user: 'kubernetes-admin',
      server: 'https://10.78.0.10:6443',
      authority: textOf(`${CA}.crt`),
    });
    expect(certificate.subject).toBe('O=kubeadm:cluster-admins\nCN=kubernetes-admin');
    expect(certificate.checkPrivateKey(createPrivateKey(found?.key ?? ''))).toBe(true);
    expect(certificate.verify(new X509Certificate(textOf(`${CA}.crt`)).publicKey)).toBe(true);
    expect(certificate.validToDate.toISOString()).toBe('2027-11-21T10:34:20.000Z');
    expect(store.files.get(ADMIN)).toMatchObject({ mode: 0o600, uid: 0, gid: 0 });
    expect(await ensureKubeconfig(admin, context)).toEqual({
      path: ADMIN,
      changed: false,
      why: 'valid until 2027-11-21',
    });
    expect(store.written).toEqual([]);
  });

  it.each<[string, () => unknown, KubeconfigSpecification, RegExp, boolean]>([
    [
      'another server',
      () => undefined,
      { ...admin, server: 'https://vip:6443' },
      /^did not point to https:\/\/vip:6443$/,
      true,
    ],
    [
      'another cluster authority',
      () => edit(ADMIN, (c) => (c.clusters[0].cluster['certificate-authority-data'] = 'eA==')),
      admin,
      /^did not trust the authority/,
      true,
    ],
    [
      'another user name',
      () => edit(ADMIN, (c) => (c.contexts[0].context.user = c.users[0].name = 'me')),
      admin,
      /^was of another user than kubernetes-admin$/,
      true,
    ],
    [
      'no current context',
      () => edit(ADMIN, (c) => (c['current-context'] = 'gone')),
      admin,
      /^was not a kubeconfig; had no client certificate; had no client key$/,
      false,
    ],
    ['garbage', () => store.put(ADMIN, '{[\0'), admin, /^was not a kubeconfig/, false],
    ['one that is torn at its end', () => store.put(ADMIN, `${textOf(ADMIN)}]`), admin, /^was not a kubeconfig/, false],
    ['an empty file', () => store.put(ADMIN, ''), admin, /^was not a kubeconfig/, false],
    [
      'a broken key',
      () => edit(ADMIN, (c) => (c.users[0].user['client-key-data'] = 'eA==')),
      admin,
      /^certificate its key is not a private key in PEM$/,
      false,
    ],
    [
      'a token instead',
      () => edit(ADMIN, (c) => (c.users[0].user = { token: 'x' })),
      admin,
      /^had no client certificate; had no client key$/,
      false,
    ],
    [
      "another's certificate",
      () => edit(ADMIN, (c) => (c.users[0].user = (parse(textOf(KUBELET)) as Kubeconfig).users[0].user)),
      admin,
      /^certificate is for O=system:nodes, CN=system:node:cp1, not for/,
      false,
    ],
    ['a missing file', () => store.files.delete(ADMIN), admin, /^was missing/, false],
  ])('writes it anew for %s', async (_, spoil, wanted, why, keepsCertificate) => {
    const before = readKubeconfig(textOf(ADMIN));
    spoil();
    expect(await ensureKubeconfig(wanted, context)).toMatchObject({ changed: true, why: expect.stringMatching(why) });
    const after = readKubeconfig(textOf(ADMIN));
    expect(after?.certificate === before?.certificate && after?.key === before?.key).toBe(keepsCertificate);
    expect(after).toMatchObject({ user: 'kubernetes-admin', server: wanted.server, authority: before?.authority });
    expect(await ensureKubeconfig(wanted, context)).toMatchObject({ changed: false });
  });

  it('renews it with a new key when it is due', async () => {
    const before = readKubeconfig(textOf(ADMIN));
    const later = { ...context, now: new Date('2027-10-01') };
    expect(await ensureKubeconfig(admin, later)).toMatchObject({
      changed: true,
      why: 'certificate ends on 2027-11-21, in 51 days',
    });
    expect(readKubeconfig(textOf(ADMIN))?.key).not.toBe(before?.key);
  });

  it('mends its protection alone', async () => {
    const before = textOf(ADMIN);
    store.put(ADMIN, before, 0o644);
    expect(await ensureKubeconfig(admin, context)).toMatchObject({
      changed: true,
      why: `${ADMIN}: mode was 0644, not 0600`,
    });
    expect(store.files.get(ADMIN)).toMatchObject({ content: before, mode: 0o600 });
  });

  it('must be brought along when the authority keeps its key elsewhere', async () => {
    store.files.delete(`${CA}.key`);
    expect(await ensureKubeconfig(admin, context)).toMatchObject({ changed: false });
    store.files.delete(ADMIN);
    await expect(ensureKubeconfig(admin, context)).rejects.toMatchObject({
      where: ADMIN,
      message: expect.stringMatching(/^the kubeconfig was missing/),
      hint: expect.stringMatching(/for kubernetes-admin, signed by .*ca\.crt/),
    });
  });

  it('is not made without its authority', async () => {
    await expect(ensureKubeconfig(admin, { ...context, store: memoryStore() })).rejects.toMatchObject({
      where: `${CA}.crt`,
    });
  });
});

describe("the kubelet's", () => {
  it('names the rotated file once that is there, and stays so', async () => {
    rotate();
    expect(await ensureKubeconfig(kubelet, context)).toMatchObject({ changed: true, why: `does not name ${ROTATED}` });
    expect(textOf(KUBELET)).toContain(`client-key: ${ROTATED}`);
    expect(textOf(KUBELET)).not.toContain('data: LS0tLS1CRUdJTiBFQ');
    expect(await ensureKubeconfig(kubelet, context)).toMatchObject({ changed: false });
    const later = { ...context, now: new Date('2027-11-20') };
    expect(await ensureKubeconfig(kubelet, later)).toMatchObject({ changed: false, why: 'valid until 2027-11-21' });
  });

  it.each<[string, () => unknown]>([
    ['has expired', () => undefined],
    ['is garbage', () => store.put(ROTATED, 'garbage')],
    ['is missing', () => store.files.delete(ROTATED)],
  ])('holds a certificate again when the rotated file %s', async (_, spoil) => {
    rotate();
    await ensureKubeconfig(kubelet, context);
    spoil();
    const later = { ...context, now: new Date('2028-02-01') };
    expect(await ensureKubeconfig(kubelet, later)).toMatchObject({ changed: true });
    expect(readKubeconfig(textOf(KUBELET))).toMatchObject({
      clientFile: undefined,
      key: expect.stringContaining('PRIVATE KEY'),
    });
    expect(await ensureKubeconfig(kubelet, later)).toMatchObject({ changed: false });
  });

  function rotate() {
    const { certificate, key } = readKubeconfig(textOf(KUBELET)) ?? {};
    store.put(ROTATED, `${certificate}${key}`);
  }
});

// biome-ignore lint/suspicious/noExplicitAny: tests change documents at will
type Kubeconfig = any;

function edit(path: string, change: (document: Kubeconfig) => unknown): void {
  const document: Kubeconfig = parse(textOf(path));
  change(document);
  store.put(path, stringify(document));
}

function textOf(path: string): string {
  return store.files.get(path)?.content ?? '';
}

function specification(name: string): KubeconfigSpecification {
  const found = kubeconfigSpecifications(pkiNode()).find((one) => one.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}
