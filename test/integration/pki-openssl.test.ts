import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { certificateSpecifications } from '../../src/kubernetes/pki/certificate-specifications.ts';
import { apiserverCertSans } from '../../src/kubernetes/pki/leaves.ts';
import { pkiSpecifications } from '../../src/kubernetes/pki/pki-specifications.ts';
import { ensurePki } from '../../src/pki/ensure-pki.ts';
import { readKubeconfig } from '../../src/pki/read-kubeconfig.ts';
import { kubeadmRoot } from '../support/pki/kubeadm-root.ts';
import { pkiCluster, pkiNode } from '../support/pki/nodes.ts';
import { rootedStore } from '../support/pki/rooted-store.ts';
import { directoryOfTests } from '../support/test-directory.ts';

const node = pkiNode({ cluster: pkiCluster({ keyAlgorithm: 'RSA-2048' }) });
const now = new Date();
const P = '/etc/kubernetes/pki';

const root = directoryOfTests();

beforeAll(async () => {
  await ensurePki(pkiSpecifications(node, 'secretbox'), { store: rootedStore(root), now, renewWithinDays: 90 });
});

const server = 'TLS Web Server Authentication';
const client = 'TLS Web Client Authentication';
const etcdNames = 'DNS:cp1, DNS:localhost, IP Address:10.78.0.11, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1';
const ownNames = 'DNS:cp1, IP Address:10.78.0.11';
const apiNames =
  'DNS:cp1, DNS:kubernetes, DNS:kubernetes.default, DNS:kubernetes.default.svc, DNS:kubernetes.default.svc.cluster.local, ' +
  'IP Address:10.96.0.1, IP Address:10.78.0.11, IP Address:10.78.0.10, IP Address:127.0.0.1';

describe('openssl', () => {
  it.each([
    [`${P}/apiserver.crt`, 'ca', 'CN = kube-apiserver', server, apiNames],
    [`${P}/apiserver-kubelet-client.crt`, 'ca', 'CN = kube-apiserver-kubelet-client', client, ''],
    [`${P}/apiserver-etcd-client.crt`, 'etcd/ca', 'CN = kube-apiserver-etcd-client', client, ''],
    [`${P}/front-proxy-client.crt`, 'front-proxy-ca', 'CN = front-proxy-client', client, ''],
    [`${P}/etcd/server.crt`, 'etcd/ca', 'CN = cp1', `${server}, ${client}`, etcdNames],
    [`${P}/etcd/peer.crt`, 'etcd/ca', 'CN = cp1', `${server}, ${client}`, etcdNames],
    [`${P}/etcd/healthcheck-client.crt`, 'etcd/ca', 'CN = kube-etcd-healthcheck-client', client, ''],
    ['/var/lib/kubelet/pki/kubelet.crt', 'ca', 'O = system:nodes, CN = system:node:cp1', server, ownNames],
    ['/etc/metalk8s/pki/registry.crt', 'ca', 'CN = metalk8s-registry', server, ownNames],
    ['/etc/kubernetes/admin.conf', 'ca', 'O = kubeadm:cluster-admins, CN = kubernetes-admin', client, ''],
    ['/etc/kubernetes/super-admin.conf', 'ca', 'O = system:masters, CN = kubernetes-super-admin', client, ''],
    ['/etc/kubernetes/kubelet.conf', 'ca', 'O = system:nodes, CN = system:node:cp1', client, ''],
    ['/etc/kubernetes/controller-manager.conf', 'ca', 'CN = system:kube-controller-manager', client, ''],
    ['/etc/kubernetes/scheduler.conf', 'ca', 'CN = system:kube-scheduler', client, ''],
  ])('verifies %s', async (path, authority, subject, usages, names) => {
    const pem = await certificateOf(path);
    const authorityFile = join(root, `${P}/${authority}.crt`);
    const purposes = usages.split(', ').map((usage) => (usage === server ? 'sslserver' : 'sslclient'));
    for (const purpose of purposes) {
      const options = ['-x509_strict', '-check_ss_sig', '-purpose', purpose, '-CAfile', authorityFile];
      expect(await openssl(['verify', ...options, pem])).toMatch(/: OK$/);
    }
    const text = await describeCertificate(pem);
    expect(text).toContain(`subject=${subject}\n`);
    expect(text).toMatch(/X509v3 Basic Constraints: critical\n +CA:FALSE\n/);
    expect(text).toMatch(/X509v3 Key Usage: critical\n +Digital Signature, Key Encipherment\n/);
    expect(text).toMatch(new RegExp(`X509v3 Extended Key Usage: ?\n +${usages}\n`));
    expect(text.match(/Subject Alternative Name: ?\n +(.*)/)?.[1] ?? '').toBe(names);
    const authorityText = await describeCertificate(authorityFile);
    const identifier = /Subject Key Identifier: ?\n +(.*)/.exec(authorityText)?.[1];
    expect(text).toMatch(new RegExp(`Authority Key Identifier: ?\n +${identifier}\n`));
    expect(text).not.toContain('Subject Key Identifier');
  });

  it.each([
    ['ca', 'kubernetes'],
    ['front-proxy-ca', 'front-proxy-ca'],
    ['etcd/ca', 'etcd-ca'],
  ])('verifies the authority %s', async (name, commonName) => {
    const path = join(root, `${P}/${name}.crt`);
    expect(await openssl(['verify', '-check_ss_sig', '-CAfile', path, path])).toMatch(/: OK$/);
    const text = await describeCertificate(path);
    expect(text).toContain(`subject=CN = ${commonName}\n`);
    expect(text).toMatch(/X509v3 Key Usage: critical\n +Digital Signature, Key Encipherment, Certificate Sign\n/);
    expect(text).toMatch(/X509v3 Basic Constraints: critical\n +CA:TRUE\n/);
    expect(text).toMatch(new RegExp(`Subject Alternative Name: ?\n +DNS:${commonName}\n`));
    expect(text).not.toContain('Authority Key Identifier');
  });

  it('pairs the keys of service accounts', async () => {
    const publicKey = await openssl(['pkey', '-in', join(root, `${P}/sa.key`), '-pubout']);
    expect((await readFile(join(root, `${P}/sa.pub`), 'utf8')).trim()).toBe(publicKey.trim());
  });
});

describe('key algorithms', () => {
  it.each([
    ['RSA-2048', /Private-Key: \(2048 bit/, 'sha256WithRSAEncryption'],
    ['RSA-3072', /Private-Key: \(3072 bit/, 'sha256WithRSAEncryption'],
    ['RSA-4096', /Private-Key: \(4096 bit/, 'sha256WithRSAEncryption'],
    ['ECDSA-P256', /ASN1 OID: prime256v1/, 'ecdsa-with-SHA256'],
    ['ECDSA-P384', /ASN1 OID: secp384r1/, 'ecdsa-with-SHA384'],
  ] as const)('%s', async (keyAlgorithm, key, signature) => {
    const directory = join(root, keyAlgorithm);
    const specifications = certificateSpecifications(pkiNode({ cluster: pkiCluster({ keyAlgorithm }) }));
    const few = specifications.filter(({ name }) => ['ca', 'apiserver'].includes(name));
    await ensurePki(few, { store: rootedStore(directory), now, renewWithinDays: 90 });
    const [authority, leaf] = ['ca', 'apiserver'].map((name) => join(directory, `${P}/${name}`)) as [string, string];
    expect(await openssl(['verify', '-CAfile', `${authority}.crt`, `${leaf}.crt`])).toMatch(/: OK$/);
    expect(await describeCertificate(`${leaf}.crt`)).toContain(`Signature Algorithm: ${signature}`);
    for (const path of [authority, leaf]) {
      expect(await openssl(['pkey', '-in', `${path}.key`, '-noout', '-text', '-check'])).toMatch(key);
    }
  });
});

describe('an authority made by openssl', () => {
  it.each([
    [
      'in UTF-8',
      ['-newkey', 'rsa:2048', '-subj', '/C=FR/O=Société Générale/CN=Platform CA/emailAddress=pki@example.com', '-utf8'],
    ],
    [
      'on an elliptic curve',
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-subj', '/DC=example/CN=P-384 root'],
    ],
    ['without a key identifier', ['-newkey', 'rsa:3072', '-subj', '/CN=old', '-addext', 'subjectKeyIdentifier=none']],
  ])('%s is taken: openssl and kubeadm accept what we issue with it', async (_, options) => {
    const cluster = pkiCluster({ keyAlgorithm: 'ECDSA-P256' });
    const own = pkiNode({ cluster });
    const host = await kubeadmRoot(own, { version: '1.36.3', certSans: apiserverCertSans(cluster) });
    try {
      const store = rootedStore(host.directory);
      await ensurePki(
        pkiSpecifications(own, 'secretbox').filter(({ kind }) => kind === 'authority'),
        { store, now, renewWithinDays: 90 },
      );
      const [key, certificate] = ['key', 'crt'].map((end) => join(host.directory, `${P}/ca.${end}`)) as [
        string,
        string,
      ];
      const usage = ['-addext', 'keyUsage=critical,keyCertSign,digitalSignature'];
      await openssl([
        'req',
        '-x509',
        '-nodes',
        '-days',
        '3000',
        ...usage,
        ...options,
        '-keyout',
        key,
        '-out',
        certificate,
      ]);

      const outcomes = await ensurePki(pkiSpecifications(own, 'secretbox'), {
        store,
        now: new Date(),
        renewWithinDays: 90,
      });
      expect(outcomes[0]).toMatchObject({ why: expect.stringMatching(/ca\.key: mode|valid until/) });
      const leaf = join(host.directory, `${P}/apiserver.crt`);
      expect(await openssl(['verify', '-CAfile', certificate, leaf])).toMatch(/: OK$/);
      const text = await host.kubeadm('init', 'phase', 'certs', 'all');
      expect(text.match(/Using (?:the )?existing/g)).toHaveLength(11);
    } finally {
      await host.remove();
    }
  });
});

async function openssl(args: string[]): Promise<string> {
  return (await execa('openssl', args)).stdout;
}

async function describeCertificate(path: string): Promise<string> {
  return `${await openssl(['x509', '-in', path, '-noout', '-subject', '-text'])}\n`;
}

/** Path of a file with the certificate alone, also for one that stands in a kubeconfig. */
async function certificateOf(path: string): Promise<string> {
  if (!path.endsWith('.conf')) return join(root, path);
  const { certificate = '' } = readKubeconfig(await readFile(join(root, path), 'utf8')) ?? {};
  const copy = join(root, `${path.replaceAll('/', '_')}.crt`);
  await writeFile(copy, certificate);
  return copy;
}
