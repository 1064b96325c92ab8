import { describe, expect, it } from 'vitest';
import { certificateSpecifications } from '../../../src/kubernetes/pki/certificate-specifications.ts';
import { apiserverCertSans } from '../../../src/kubernetes/pki/leaves.ts';
import type { PkiNode } from '../../../src/kubernetes/pki/pki-node.ts';
import type { LeafSpecification } from '../../../src/kubernetes/pki/specification.ts';
import { pkiCluster, pkiNode } from '../../support/pki/nodes.ts';

const P = '/etc/kubernetes/pki';
const client = ['clientAuth'];
const both = ['serverAuth', 'clientAuth'];

/** What kubeadm 1.36 wrote on the host cp1, 10.78.0.11, by itself: certificate, issuer, subject, usages, alternative names. */
const kubeadm = [
  [
    `${P}/apiserver.crt`,
    'ca',
    'CN=kube-apiserver',
    ['serverAuth'],
    [
      'cp1',
      'kubernetes',
      'kubernetes.default',
      'kubernetes.default.svc',
      'kubernetes.default.svc.cluster.local',
      '10.96.0.1',
      '10.78.0.11',
    ],
  ],
  [`${P}/apiserver-kubelet-client.crt`, 'ca', 'CN=kube-apiserver-kubelet-client', client, []],
  [`${P}/front-proxy-client.crt`, 'front-proxy-ca', 'CN=front-proxy-client', client, []],
  [`${P}/etcd/server.crt`, 'etcd-ca', 'CN=cp1', both, ['cp1', 'localhost', '10.78.0.11', '127.0.0.1', '::1']],
  [`${P}/etcd/peer.crt`, 'etcd-ca', 'CN=cp1', both, ['cp1', 'localhost', '10.78.0.11', '127.0.0.1', '::1']],
  [`${P}/etcd/healthcheck-client.crt`, 'etcd-ca', 'CN=kube-etcd-healthcheck-client', client, []],
  [`${P}/apiserver-etcd-client.crt`, 'etcd-ca', 'CN=kube-apiserver-etcd-client', client, []],
];

const single = pkiNode({ cluster: pkiCluster({ controlPlaneEndpoint: '10.78.0.11:6443', keyAlgorithm: 'RSA-2048' }) });

describe('certificateSpecifications', () => {
  it("has kubeadm's leaves once the additions are taken away", () => {
    expect(leavesOf(single).flatMap(withoutAdditions).map(row)).toEqual(kubeadm);
  });

  it('adds, each with its reason, what the issue of listeners and proxies asks for', () => {
    const additions = leavesOf(single).flatMap((leaf) => leaf.additions);
    expect(additions.map(({ adds, value }) => [adds, value])).toEqual([
      ['ip-address', '127.0.0.1'],
      ['file', '/var/lib/kubelet/pki/kubelet'],
      ['file', '/etc/metalk8s/pki/registry'],
    ]);
    for (const { reason } of additions) expect(reason).toMatch(/^\w.{40,}/);
    expect(leavesOf(single).map(row).slice(-2)).toEqual([
      [
        '/var/lib/kubelet/pki/kubelet.crt',
        'ca',
        'O=system:nodes, CN=system:node:cp1',
        ['serverAuth'],
        ['cp1', '10.78.0.11'],
      ],
      ['/etc/metalk8s/pki/registry.crt', 'ca', 'CN=metalk8s-registry', ['serverAuth'], ['cp1', '10.78.0.11']],
    ]);
  });

  it("has kubeadm's authorities, with its lifetimes, usages and protection", () => {
    const authorities = certificateSpecifications(single).filter((one) => one.kind === 'authority');
    expect(
      authorities.map(({ name, certificate, key, profile }) => [name, certificate.path, key?.path, profile.commonName]),
    ).toEqual([
      ['ca', `${P}/ca.crt`, `${P}/ca.key`, 'kubernetes'],
      ['front-proxy-ca', `${P}/front-proxy-ca.crt`, `${P}/front-proxy-ca.key`, 'front-proxy-ca'],
      ['etcd-ca', `${P}/etcd/ca.crt`, `${P}/etcd/ca.key`, 'etcd-ca'],
    ]);
    for (const { profile, certificate, key } of authorities) {
      expect(profile).toMatchObject({
        dnsNames: [profile.commonName],
        ipAddresses: [],
        keyUsages: ['digitalSignature', 'keyEncipherment', 'keyCertSign'],
        extendedKeyUsages: [],
        validityDays: 3650,
        backdateMinutes: 5,
        keyAlgorithm: 'RSA-2048',
      });
      expect([certificate.mode, key?.mode, certificate.uid, key?.gid]).toEqual([0o644, 0o600, 0, 0]);
    }
  });

  it("gives leaves kubeadm's lifetime, usages and protection", () => {
    for (const { profile, certificate, key } of leavesOf(single)) {
      expect(profile).toMatchObject({
        keyUsages: ['digitalSignature', 'keyEncipherment'],
        validityDays: 365,
        backdateMinutes: 5,
        keyAlgorithm: 'RSA-2048',
      });
      expect([certificate.mode, key.mode, certificate.gid, key.uid]).toEqual([0o644, 0o600, 0, 0]);
      expect(key.path).toBe(certificate.path.replace(/crt$/, 'key'));
    }
  });

  it.each<[string, Partial<PkiNode>, string[]]>([
    [
      'a control plane with etcd',
      { roles: ['control-plane', 'etcd'] },
      [
        'ca+key',
        'front-proxy-ca+key',
        'etcd-ca+key',
        'apiserver',
        'apiserver-kubelet-client',
        'front-proxy-client',
        'etcd-server',
        'etcd-peer',
        'etcd-healthcheck-client',
        'apiserver-etcd-client',
        'kubelet-server',
        'registry',
      ],
    ],
    [
      'a control plane without etcd',
      { roles: ['control-plane'] },
      [
        'ca+key',
        'front-proxy-ca+key',
        'etcd-ca+key',
        'apiserver',
        'apiserver-kubelet-client',
        'front-proxy-client',
        'apiserver-etcd-client',
        'kubelet-server',
        'registry',
      ],
    ],
    [
      'etcd alone',
      { roles: ['etcd'] },
      ['ca', 'etcd-ca', 'etcd-server', 'etcd-peer', 'etcd-healthcheck-client', 'kubelet-server'],
    ],
    ['a worker', { roles: ['workload'] }, ['ca', 'kubelet-server']],
    ['an infra node', { roles: ['infra'] }, ['ca', 'kubelet-server']],
  ])('%s has what its roles need', (_, changes, names) => {
    const found = certificateSpecifications(pkiNode(changes));
    expect(found.map((one) => (one.kind === 'authority' && one.key ? `${one.name}+key` : one.name))).toEqual(names);
  });

  it('orders alternative names as kubeadm does: names sorted, addresses as they come, each once', () => {
    const cluster = pkiCluster({
      controlPlaneEndpoint: 'api.cluster.example:8443',
      dnsDomain: 'site.example',
      serviceSubnets: ['10.234.0.0/16'],
      extraSans: {
        apiserver: ['api.cluster.example', '10.0.0.10', '192.0.2.10', '10.0.0.10', 'a.example', '*.b.example'],
        etcdPeer: ['10.9.9.9'],
      },
    });
    const leaves = leavesOf(pkiNode({ cluster }));
    expect(leaves[0]?.profile).toMatchObject({
      dnsNames: [
        '*.b.example',
        'a.example',
        'api.cluster.example',
        'cp1',
        'kubernetes',
        'kubernetes.default',
        'kubernetes.default.svc',
        'kubernetes.default.svc.site.example',
      ],
      ipAddresses: ['10.234.0.1', '10.78.0.11', '127.0.0.1', '10.0.0.10', '192.0.2.10'],
    });
    expect(apiserverCertSans(cluster)).toEqual(['127.0.0.1', ...(cluster.extraSans.apiserver ?? [])]);
    expect(leaves.find(({ name }) => name === 'etcd-peer')?.profile.ipAddresses).toEqual([
      '10.78.0.11',
      '127.0.0.1',
      '::1',
      '10.9.9.9',
    ]);
    expect(leaves.find(({ name }) => name === 'etcd-server')?.profile.ipAddresses).toEqual([
      '10.78.0.11',
      '127.0.0.1',
      '::1',
    ]);
  });

  it.each([
    [35, ['kubeadm:cluster-admins']],
    [36, []],
  ])(
    'puts the apiserver as a client of kubelets into the groups of Kubernetes 1.%s',
    (kubernetesMinor, organizations) => {
      const leaves = leavesOf(pkiNode({ cluster: pkiCluster({ kubernetesMinor }) }));
      expect(leaves.find(({ name }) => name === 'apiserver-kubelet-client')?.profile.organizations).toEqual(
        organizations,
      );
    },
  );

  it('refuses what is no alternative name', () => {
    const cluster = pkiCluster({ extraSans: { registry: ['not_a_name'] } });
    expect(() => certificateSpecifications(pkiNode({ cluster }))).toThrow(
      '"not_a_name" is neither an IP address nor a DNS name',
    );
  });

  it('is plain data', () => {
    const all = certificateSpecifications(single);
    expect(JSON.parse(JSON.stringify(all))).toEqual(all);
  });
});

function leavesOf(node: PkiNode): LeafSpecification[] {
  return certificateSpecifications(node).filter((one) => one.kind === 'leaf');
}

function withoutAdditions(leaf: LeafSpecification): LeafSpecification[] {
  if (leaf.additions.some(({ adds }) => adds === 'file')) return [];
  const added = leaf.additions.map(({ value }) => value);
  const ipAddresses = leaf.profile.ipAddresses.filter((address) => !added.includes(address));
  return [{ ...leaf, profile: { ...leaf.profile, ipAddresses } }];
}

function row({ certificate, issuer, profile }: LeafSpecification) {
  const subject = [...profile.organizations.map((name) => `O=${name}`), `CN=${profile.commonName}`].join(', ');
  return [
    certificate.path,
    issuer.name,
    subject,
    profile.extendedKeyUsages,
    [...profile.dnsNames, ...profile.ipAddresses],
  ];
}
