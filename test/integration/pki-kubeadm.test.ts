import { createPrivateKey, X509Certificate } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import type { FileStore } from '../../src/hosts/file-store.ts';
import { certificateSpecifications } from '../../src/kubernetes/pki/certificate-specifications.ts';
import { apiserverCertSans } from '../../src/kubernetes/pki/leaves.ts';
import { type PkiNode, RENEW_WITHIN_DAYS } from '../../src/kubernetes/pki/pki-node.ts';
import { pkiSpecifications } from '../../src/kubernetes/pki/pki-specifications.ts';
import type {
  AuthorityReference,
  CertificateProfile,
  PkiSpecification,
} from '../../src/kubernetes/pki/specification.ts';
import { ensurePki } from '../../src/pki/ensure-pki.ts';
import { issueCertificate, type Signer } from '../../src/pki/issue-certificate.ts';
import { readCertificates } from '../../src/pki/read-certificate.ts';
import { readKubeconfig } from '../../src/pki/read-kubeconfig.ts';
import { type KubeadmRoot, kubeadmRoot } from '../support/pki/kubeadm-root.ts';
import { pkiCluster, pkiNode } from '../support/pki/nodes.ts';
import { rootedStore } from '../support/pki/rooted-store.ts';

const VERSION = '1.36.3';
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const roots: KubeadmRoot[] = [];

afterAll(() => Promise.all(roots.map((root) => root.remove())));

describe.each(['RSA-2048', 'ECDSA-P256', 'ECDSA-P384'] as const)('with %s keys', (keyAlgorithm) => {
  const node = pkiNode({
    cluster: pkiCluster({ keyAlgorithm, extraSans: { apiserver: ['api.example', '192.0.2.7'] } }),
  });

  it('kubeadm finds all of its files in what we issue, and keeps every byte', async () => {
    const root = await newRoot(node, apiserverCertSans(node.cluster));
    await ensure(root, node);
    const before = await root.snapshot();

    const expirations = await root.kubeadm('certs', 'check-expiration');
    expect(expirations).not.toMatch(/MISSING|invalid|error|warning/i);
    for (const name of [
      ...certificateNames(node),
      'admin.conf',
      'super-admin.conf',
      'scheduler.conf',
      'controller-manager.conf',
    ]) {
      expect(expirations).toMatch(new RegExp(`^${name} +\\w+ \\d+, 20\\d\\d .* no *$`, 'm'));
    }

    const certificates = await root.kubeadm('init', 'phase', 'certs', 'all');
    const kubeconfigs = await root.kubeadm('init', 'phase', 'kubeconfig', 'all');
    expect(certificates.match(/^\[certs\] Using (?:the )?existing/gm)).toHaveLength(11);
    expect(kubeconfigs.match(/^\[kubeconfig\] Using existing/gm)).toHaveLength(5);
    expect(certificates + kubeconfigs).not.toMatch(/Generating|Writing|warning/i);
    expect(await root.snapshot()).toEqual(before);
    const second = await ensure(root, node);
    expect(second.filter(({ changed }) => changed)).toEqual([]);
  });

  it('we find all of our files in what kubeadm makes, but for our additions, and keep every byte of the rest', async () => {
    const root = await newRoot(node, apiserverCertSans(node.cluster));
    await root.kubeadm('init', 'phase', 'certs', 'all');
    await root.kubeadm('init', 'phase', 'kubeconfig', 'all');
    const before = await root.snapshot();
    const changed = (await ensure(root, node)).filter((one) => one.changed);
    expect(changed).toEqual([
      { path: '/var/lib/kubelet/pki/kubelet.crt', changed: true, why: 'certificate was missing; key was missing' },
      { path: '/etc/metalk8s/pki/registry.crt', changed: true, why: 'certificate was missing; key was missing' },
      { path: '/etc/kubernetes/encryption.conf', changed: true, why: 'was missing' },
    ]);
    const after = await root.snapshot();
    for (const [path, content] of before) {
      expect(after.get(path), path).toBe(content);
    }
  });
});

it.each([
  ['1.36.3', []],
  ['1.35.4', []],
  // Go made the key identifier of an authority by SHA-1 before version 1.25.
  ['1.34.4', ['ca', 'front-proxy-ca', 'etcd-ca']],
])(
  'issues byte for byte what kubeadm %s does, from the same keys, serial numbers and times',
  async (version, exceptions) => {
    const node = pkiNode({
      cluster: pkiCluster({ keyAlgorithm: 'RSA-2048', kubernetesMinor: Number(version.split('.')[1]) }),
    });
    const root = await newRoot(node, apiserverCertSans(node.cluster), version);
    await root.kubeadm('init', 'phase', 'certs', 'all');
    await root.kubeadm('init', 'phase', 'kubeconfig', 'all');
    const store = rootedStore(root.directory);
    const same: string[] = [];
    const different: string[] = [];
    for (const specification of pkiSpecifications(node, 'secretbox')) {
      const pair = await pairOf(specification, store);
      if (!pair || !('profile' in specification)) continue;
      const isSame = (await issueAgain(specification.profile, pair)) === pair.certificate;
      (isSame ? same : different).push(specification.name);
    }
    expect(different).toEqual(exceptions);
    expect(same).toHaveLength(15 - exceptions.length);
  },
);

interface Pair {
  readonly certificate: string;
  readonly key: string;
  readonly signer: Signer | undefined;
}

/** What kubeadm has made of a specification, if it has. */
async function pairOf(specification: PkiSpecification, store: FileStore): Promise<Pair | undefined> {
  if (!('profile' in specification)) return;
  const signer = 'issuer' in specification ? await signerOf(specification.issuer, store) : undefined;
  if (specification.kind === 'kubeconfig') {
    const { certificate, key } = readKubeconfig((await store.read(specification.file.path)) ?? '') ?? {};
    return certificate === undefined || key === undefined ? undefined : { certificate, key, signer };
  }
  const certificate = await store.read(specification.certificate.path);
  const key = specification.key && (await store.read(specification.key.path));
  return certificate === undefined || key === undefined ? undefined : { certificate, key, signer };
}

async function signerOf({ certificatePath, keyPath }: AuthorityReference, store: FileStore): Promise<Signer> {
  const [certificate] = readCertificates((await store.read(certificatePath)) ?? '') ?? [];
  return { certificate, key: createPrivateKey((await store.read(keyPath)) ?? '') };
}

async function issueAgain(profile: CertificateProfile, { certificate, key: pem, signer }: Pair): Promise<string> {
  const x509 = new X509Certificate(certificate);
  const key = createPrivateKey(pem);
  const serial = derInteger(x509.serialNumber);
  const now = new Date(x509.validToDate.getTime() - profile.validityDays * DAY_MS);
  // In a kubeconfig kubeadm begins with the authority, which this test has made in a run before.
  const backdateMinutes = (now.getTime() - x509.validFromDate.getTime()) / MINUTE_MS;
  expect(backdateMinutes).toBeGreaterThanOrEqual(profile.backdateMinutes);
  expect(backdateMinutes).toBeLessThan(profile.backdateMinutes + 1);
  return issueCertificate({
    profile: { ...profile, backdateMinutes },
    key,
    signer: signer ?? { certificate: undefined, key },
    serialNumber: new Uint8Array(serial),
    now,
  });
}

/** As few octets as DER allows: one of zeros only before a set first bit (X.690, 8.3.2). One serial number in 256 is that short. */
function derInteger(digits: string): Buffer<ArrayBuffer> {
  const magnitude = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.alloc((magnitude[0] ?? 0) >= 0x80 ? 1 : 0), magnitude]);
}

function isOurs(specification: object): boolean {
  return 'additions' in specification && JSON.stringify(specification.additions).includes('"file"');
}

function certificateNames(node: PkiNode): string[] {
  return certificateSpecifications(node).flatMap((one) => (isOurs(one) ? [] : one.name));
}

async function newRoot(node: PkiNode, certSans: readonly string[], version = VERSION): Promise<KubeadmRoot> {
  const root = await kubeadmRoot(node, { version, certSans });
  roots.push(root);
  return root;
}

function ensure(root: KubeadmRoot, node: PkiNode) {
  const store = rootedStore(root.directory);
  return ensurePki(pkiSpecifications(node, 'secretbox'), {
    store,
    now: new Date(),
    renewWithinDays: RENEW_WITHIN_DAYS,
  });
}
