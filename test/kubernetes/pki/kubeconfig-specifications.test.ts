import { describe, expect, it } from 'vitest';
import { kubeconfigSpecifications } from '../../../src/kubernetes/pki/kubeconfig-specifications.ts';
import { renderKubeconfig } from '../../../src/kubernetes/pki/render-kubeconfig.ts';
import type { KubeconfigSpecification } from '../../../src/kubernetes/pki/specification.ts';
import { pkiNode } from '../../support/pki/nodes.ts';

const row = ({ file, server, user, profile }: KubeconfigSpecification) => [
  file.path,
  server,
  user,
  profile.commonName,
  profile.organizations,
];

describe('kubeconfigSpecifications', () => {
  it("has kubeadm's files, users and groups on the first control plane", () => {
    const local = 'https://10.78.0.11:6443';
    const shared = 'https://10.78.0.10:6443';
    expect(kubeconfigSpecifications(pkiNode()).map(row)).toEqual([
      ['/etc/kubernetes/admin.conf', shared, 'kubernetes-admin', 'kubernetes-admin', ['kubeadm:cluster-admins']],
      [
        '/etc/kubernetes/super-admin.conf',
        shared,
        'kubernetes-super-admin',
        'kubernetes-super-admin',
        ['system:masters'],
      ],
      ['/etc/kubernetes/kubelet.conf', local, 'system:node:cp1', 'system:node:cp1', ['system:nodes']],
      [
        '/etc/kubernetes/controller-manager.conf',
        local,
        'system:kube-controller-manager',
        'system:kube-controller-manager',
        [],
      ],
      ['/etc/kubernetes/scheduler.conf', local, 'system:kube-scheduler', 'system:kube-scheduler', []],
    ]);
  });

  it('has no super-admin.conf on other control planes', () => {
    const names = kubeconfigSpecifications(pkiNode({ roles: ['control-plane', 'etcd'] })).map(({ name }) => name);
    expect(names).toEqual(['admin.conf', 'kubelet.conf', 'controller-manager.conf', 'scheduler.conf']);
  });

  it('leads the kubelet of another node through its own proxy', () => {
    const node = pkiNode({ nodeName: 'w1', advertiseAddress: '10.78.0.21', roles: ['workload'] });
    expect(kubeconfigSpecifications(node).map(row)).toEqual([
      ['/etc/kubernetes/kubelet.conf', 'https://127.0.0.1:7443', 'system:node:w1', 'system:node:w1', ['system:nodes']],
    ]);
  });

  it('gives them to root alone, for clients, for as long as kubeadm does', () => {
    for (const { file, profile, issuer } of kubeconfigSpecifications(pkiNode())) {
      expect(file).toMatchObject({ mode: 0o600, uid: 0, gid: 0 });
      expect(profile).toMatchObject({
        extendedKeyUsages: ['clientAuth'],
        dnsNames: [],
        validityDays: 365,
        backdateMinutes: 5,
      });
      expect(issuer.name).toBe('ca');
    }
  });

  it('lets only the kubelet turn to a rotated file', () => {
    const rotating = kubeconfigSpecifications(pkiNode()).filter(({ rotatedFile }) => rotatedFile !== undefined);
    expect(rotating.map(({ name, rotatedFile }) => [name, rotatedFile])).toEqual([
      ['kubelet.conf', '/var/lib/kubelet/pki/kubelet-client-current.pem'],
    ]);
  });
});

describe('renderKubeconfig', () => {
  const [admin, , kubelet] = kubeconfigSpecifications(pkiNode());

  it("writes kubeadm's bytes", () => {
    if (!admin) throw new Error('no admin.conf');
    expect(
      renderKubeconfig(admin, { authority: 'CA\n', client: { certificate: 'CRT\n', key: 'KEY\n' } }),
    ).toBe(`apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: Q0EK
    server: https://10.78.0.10:6443
  name: kubernetes
contexts:
- context:
    cluster: kubernetes
    user: kubernetes-admin
  name: kubernetes-admin@kubernetes
current-context: kubernetes-admin@kubernetes
kind: Config
users:
- name: kubernetes-admin
  user:
    client-certificate-data: Q1JUCg==
    client-key-data: S0VZCg==
`);
  });

  it('names a file with certificate and key, as kubeadm does once the kubelet renews its own', () => {
    if (!kubelet) throw new Error('no kubelet.conf');
    const file = kubelet.rotatedFile ?? '';
    expect(renderKubeconfig(kubelet, { authority: 'CA\n', client: { file } })).toContain(`users:
- name: system:node:cp1
  user:
    client-certificate: /var/lib/kubelet/pki/kubelet-client-current.pem
    client-key: /var/lib/kubelet/pki/kubelet-client-current.pem
`);
  });

  it('folds no line, however long', () => {
    if (!admin) throw new Error('no admin.conf');
    const text = renderKubeconfig(admin, { authority: 'x'.repeat(5000), client: { certificate: '', key: '' } });
    expect(text.split('\n').find((line) => line.includes('authority-data'))?.length).toBeGreaterThan(6600);
  });
});
