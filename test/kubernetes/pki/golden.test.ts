import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { type ExtraSans, type PkiNode, pkiDefaults } from '../../../src/kubernetes/pki/pki-node.ts';
import { pkiSpecifications } from '../../../src/kubernetes/pki/pki-specifications.ts';
import { type KubeconfigClient, renderKubeconfig } from '../../../src/kubernetes/pki/render-kubeconfig.ts';
import type {
  CertificateProfile,
  FileSpecification,
  KeyAlgorithm,
  PkiSpecification,
} from '../../../src/kubernetes/pki/specification.ts';
import type { CertificateDescription } from '../../support/kubeadm/describe-certificate.ts';
import type { PkiDescription } from '../../support/kubeadm/describe-pki.ts';
import type { Entries } from '../../support/kubeadm/entries.ts';
import { GOLDEN, readGolden } from '../../support/kubeadm/golden-files.ts';

/** What kubeadm takes when neither its configuration nor ours says so: the address of the default route. */
const DEFAULT_ADDRESS = '10.0.0.11';
/** A feature gate of kubeadm's that gives keys to other users; we run its static pods as root, so there is nothing to compare. */
const ROOTLESS = 'rootless-control-plane';
const DEFAULT_SERVICE_SUBNET = '10.96.0.0/12';

for (const minor of readdirSync(GOLDEN)) {
  for (const configuration of readdirSync(join(GOLDEN, minor))) {
    const entries = await readGolden({ root: GOLDEN, minor, configuration });
    const controlPlanes = hostsOf(entries).filter((host) => entries.has(`${host}/root/etc/kubernetes/admin.conf`));
    describe.each(controlPlanes)(`kubeadm ${minor}, ${configuration}, host %s`, (host) => {
      const node = nodeOf(entries, { minor, host, first: controlPlanes[0] ?? host });
      const baseline = withoutAdditions(pkiSpecifications(node, 'secretbox'), entries, host);
      const golden: PkiDescription = parse(entries.get(`${host}/pki.yaml`) ?? '');

      it("specifies kubeadm's certificates", () => {
        expect(certificatesOf(baseline, { isFirst: host === controlPlanes[0] })).toEqual(golden.certificates);
      });

      it('back-dates all certificates alike', () => {
        const minutes = baseline.flatMap((one) => ('profile' in one ? one.profile.backdateMinutes : []));
        expect(new Set(minutes)).toEqual(new Set([5]));
      });

      it("specifies kubeadm's keys", () => {
        expect(keysOf(baseline)).toEqual(
          Object.fromEntries(Object.entries(golden.keys).map(([path, { pem, key }]) => [path, { pem, key }])),
        );
      });

      if (configuration !== ROOTLESS)
        it('gives files the mode and owner that kubeadm gives them', () => {
          const files: Record<string, string> = parse(entries.get(`${host}/files.yaml`) ?? '');
          for (const { path, mode, uid, gid } of filesOf(baseline)) {
            expect(`file ${mode.toString(8).padStart(4, '0')} ${uid}:${gid}`, path).toBe(files[path]);
          }
        });

      it("renders kubeadm's kubeconfigs", () => {
        for (const one of baseline.filter((item) => item.kind === 'kubeconfig')) {
          const file = one.rotatedFile;
          const client: KubeconfigClient = file ? { file } : { certificate: '', key: '' };
          const text = renderKubeconfig(one, { authority: '', client })
            .replace(/(authority-data): .*/, '$1: <certificate /etc/kubernetes/pki/ca.crt>')
            .replace(/(client-certificate-data): .*/, `$1: <certificate ${one.file.path}>`)
            .replace(/(client-key-data): .*/, '$1: <private key>');
          expect(text).toBe(entries.get(`${host}/root${one.file.path}`));
        }
      });
    });
  }
}

function hostsOf(entries: Entries): string[] {
  return [...new Set([...entries.keys()].flatMap((path) => /^([^/]+)\/input\//.exec(path)?.[1] ?? []))].sort();
}

/** Our words for what kubeadm was told: by the configuration of the first control plane, and by a host's own. */
function nodeOf(entries: Entries, { minor, host, first }: { minor: string; host: string; first: string }): PkiNode {
  const cluster = documentsOf(entries, first).find(({ kind }) => kind === 'ClusterConfiguration') ?? {};
  const own = documentsOf(entries, host).find(({ kind }) => /^(?:Init|Join)Configuration$/.test(String(kind))) ?? {};
  const advertiseAddress = (own.controlPlane ?? own).localAPIEndpoint?.advertiseAddress ?? DEFAULT_ADDRESS;
  const keyAlgorithm: KeyAlgorithm = cluster.encryptionAlgorithm ?? pkiDefaults.keyAlgorithm;
  const extraSans: ExtraSans = {
    apiserver: cluster.apiServer?.certSANs ?? [],
    etcdServer: cluster.etcd?.local?.serverCertSANs ?? [],
    etcdPeer: cluster.etcd?.local?.peerCertSANs ?? [],
  };
  return {
    nodeName: own.nodeRegistration?.name ?? host,
    advertiseAddress,
    roles: host === first ? ['bootstrap', 'control-plane', 'etcd'] : ['control-plane', 'etcd'],
    cluster: {
      ...pkiDefaults,
      kubernetesMinor: Number(minor.split('.')[1]),
      clusterName: cluster.clusterName ?? pkiDefaults.clusterName,
      controlPlaneEndpoint: cluster.controlPlaneEndpoint ?? `${advertiseAddress}:6443`,
      serviceSubnets: [cluster.networking?.serviceSubnet ?? DEFAULT_SERVICE_SUBNET],
      dnsDomain: cluster.networking?.dnsDomain ?? pkiDefaults.dnsDomain,
      keyAlgorithm,
      extraSans,
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: documents of kubeadm's configuration, read where they are known
function documentsOf(entries: Entries, host: string): Record<string, any>[] {
  const text = entries.get(`${host}/input/root/kubeadm.yaml`) ?? '';
  return parseAllDocuments(text).map((document) => document.toJS());
}

/** What is left of ours once each addition is taken away; the kubelet of a joining node asks the cluster for its certificate. */
function withoutAdditions(all: readonly PkiSpecification[], entries: Entries, host: string): PkiSpecification[] {
  return all.flatMap((one) => {
    if (one.kind === 'encryption-key') return [];
    if (one.kind === 'kubeconfig') return entries.has(`${host}/root${one.file.path}`) ? one : [];
    if (one.kind !== 'leaf') return one;
    if (one.additions.some(({ adds }) => adds === 'file')) return [];
    const added = one.additions.map(({ value }) => value);
    return {
      ...one,
      profile: { ...one.profile, ipAddresses: one.profile.ipAddresses.filter((ip) => !added.includes(ip)) },
    };
  });
}

const keyKinds: Readonly<Record<KeyAlgorithm, string>> = {
  'RSA-2048': 'RSA 2048, exponent 65537',
  'RSA-3072': 'RSA 3072, exponent 65537',
  'RSA-4096': 'RSA 4096, exponent 65537',
  'ECDSA-P256': 'EC prime256v1',
  'ECDSA-P384': 'EC secp384r1',
};
const authorities: Readonly<Record<string, string>> = { ca: 'kubernetes' };

/**
 * All of ours begin the same time before their own making. On the first control plane that is when its authorities begin too. On the
 * others kubeadm's kubeconfigs still begin with the authority: ours do not reach back to a time when they were not there.
 */
function certificatesOf(
  all: readonly PkiSpecification[],
  { isFirst }: { isFirst: boolean },
): Record<string, CertificateDescription> {
  return Object.fromEntries(
    all.flatMap((one) => {
      if (!('profile' in one)) return [];
      const path = one.kind === 'kubeconfig' ? one.file.path : one.certificate.path;
      const issuer = 'issuer' in one ? one.issuer : { name: one.name, certificatePath: path };
      const beginsWithIssuer = one.kind === 'kubeconfig' || (one.kind === 'leaf' && isFirst);
      return [[path, description(one.profile, { issuer, beginsWithIssuer })]];
    }),
  );
}

function description(
  profile: CertificateProfile,
  { issuer, beginsWithIssuer }: { issuer: { name: string; certificatePath: string }; beginsWithIssuer: boolean },
): CertificateDescription {
  const isAuthority = profile.keyUsages.includes('keyCertSign');
  const names = [
    ...profile.dnsNames.map((name) => `DNS:${name}`),
    ...profile.ipAddresses.map((address) => `IP Address:${address.replace(/^::1$/, '0:0:0:0:0:0:0:1')}`),
  ];
  const usages = profile.extendedKeyUsages;
  return {
    subject: [...profile.organizations.map((name) => `O=${name}`), `CN=${profile.commonName}`],
    issuer: [`CN=${authorities[issuer.name] ?? issuer.name}`],
    issuedBy: issuer.certificatePath,
    ...(names.length > 0 && { subjectAltNames: names }),
    extensions: [
      'keyUsage, critical',
      ...(usages.length > 0 ? ['extendedKeyUsage'] : []),
      'basicConstraints, critical',
      isAuthority ? 'subjectKeyIdentifier' : 'authorityKeyIdentifier',
      ...(names.length > 0 ? ['subjectAltName'] : []),
    ],
    keyUsage: profile.keyUsages,
    ...(usages.length > 0 && { extendedKeyUsage: usages }),
    certificateAuthority: isAuthority,
    signatureAlgorithm: signatureOf(profile.keyAlgorithm),
    key: keyKinds[profile.keyAlgorithm],
    begins: beginsWithIssuer ? 'with its issuer' : `${profile.backdateMinutes} minutes before it was written`,
    ends: `${profile.validityDays} days after it was written`,
  };
}

function signatureOf(algorithm: KeyAlgorithm): string {
  if (algorithm.startsWith('RSA')) return 'sha256WithRSAEncryption';
  return algorithm === 'ECDSA-P256' ? 'ecdsa-with-SHA256' : 'ecdsa-with-SHA384';
}

function keysOf(all: readonly PkiSpecification[]): Record<string, { pem: string; key: string }> {
  const described = (
    algorithm: KeyAlgorithm,
    pem = algorithm.startsWith('RSA') ? 'RSA PRIVATE KEY' : 'EC PRIVATE KEY',
  ) => ({
    pem,
    key: keyKinds[algorithm],
  });
  const pairs = all.flatMap((one): [string, { pem: string; key: string }][] => {
    if (one.kind === 'kubeconfig') return [[one.file.path, described(one.profile.keyAlgorithm)]];
    if (one.kind === 'key-pair') {
      return [
        [one.privateKey.path, described(one.keyAlgorithm)],
        [one.publicKey.path, described(one.keyAlgorithm, 'PUBLIC KEY')],
      ];
    }
    return 'key' in one && one.key ? [[one.key.path, described(one.profile.keyAlgorithm)]] : [];
  });
  return Object.fromEntries(pairs);
}

function filesOf(all: readonly PkiSpecification[]): FileSpecification[] {
  return all.flatMap((one) => {
    if (one.kind === 'key-pair') return [one.privateKey, one.publicKey];
    if ('file' in one) return [one.file];
    return one.key ? [one.certificate, one.key] : [one.certificate];
  });
}
