import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONFIGURATIONS } from './configurations.ts';
import { goldenConfiguration } from './golden-configuration.ts';
import { GOLDEN, readGolden } from './golden-files.ts';
import { ORACLE_VERSIONS } from './versions.ts';

const NAMES = CONFIGURATIONS.map(({ name }) => name);

describe.each(ORACLE_VERSIONS)('golden data of kubeadm $minor', ({ minor, version }) => {
  it('exists for every configuration and for nothing else', async () => {
    expect((await readdir(join(GOLDEN, minor))).sort()).toEqual([...NAMES].sort());
  });

  it.each(NAMES)('holds no key and no token: %s', async (name) => {
    const entries = await readGolden({ root: GOLDEN, minor, configuration: name });
    for (const [path, text] of entries) {
      // "LS0tLS1" is "-----" in base64, with which every PEM begins.
      expect(text, path).not.toMatch(
        /-----BEGIN|LS0tLS1|\b[a-z0-9]{6}\.[a-z0-9]{16}\b|\b[0-9a-f]{64}\b(?<!sha256:.{64})/,
      );
    }
  });

  it('was made by the release that is named', async () => {
    const { host } = await goldenConfiguration(minor, 'single');
    expect(host('cp1').config).toContain(`kubernetesVersion: v${version}\n`);
    expect(host('cp1').text('/etc/kubernetes/manifests/kube-apiserver.yaml')).toContain(
      `/kube-apiserver:v${version}\n`,
    );
  });

  it('holds in the real API what was sent, with defaults added', async () => {
    const { host } = await goldenConfiguration(minor, 'single');
    const { held } = await goldenConfiguration(minor, 'single-real-api');
    const sent = host('cp1').sent;
    expect(held.map(identity).filter((name) => !name.startsWith('Node '))).toEqual(sent.map(identity));
    for (const object of sent) {
      const { resourceVersion, ...metadata } = object.metadata;
      expect(held.find((other) => identity(other) === identity(object))).toMatchObject({ ...object, metadata });
    }
  });

  it('marks only what kubeadm marks', async () => {
    const { patches } = (await goldenConfiguration(minor, 'planes')).host('cp1');
    expect(patches.at(-1)).toMatchObject({
      request: 'PATCH /api/v1/nodes/node-1.site.example',
      body: { metadata: { labels: { 'node-role.kubernetes.io/control-plane': '' } } },
    });
    expect(JSON.stringify(patches)).not.toContain('taints');
  });
});

it('gives files, certificates and a joined member to read', async () => {
  const golden = await goldenConfiguration('1.36.3', 'ha-endpoint');
  expect(golden.hosts.map(({ name }) => name)).toEqual(['cp1', 'cp2', 'w1', 'w2']);
  const cp2 = golden.host('cp2');
  expect(cp2.command).toBe('kubeadm join --config=/root/kubeadm.yaml --skip-phases=preflight');
  expect(cp2.files.get('/etc/kubernetes/pki/ca.key')).toEqual({ type: 'file', mode: '0600', owner: '0:0' });
  expect(cp2.pki.certificates['/etc/kubernetes/pki/apiserver.crt']?.subjectAltNames).toContain(
    'DNS:api.cluster.example',
  );
  expect(cp2.yaml('/etc/kubernetes/manifests/etcd.yaml')).toMatchObject({ spec: { containers: [{ name: 'etcd' }] } });
  expect(cp2.text('/etc/kubernetes/manifests/etcd.yaml')).toContain(
    '--initial-cluster=cp1=https://10.0.0.11:2380,cp2=https://10.0.0.12:2380\n',
  );
  expect(cp2.textAtKubeletStart('/etc/kubernetes/bootstrap-kubelet.conf')).toContain(
    'server: https://10.0.0.12:6443\n',
  );
  expect(cp2.sent).toEqual([]);
  expect(golden.host('w2').text('/var/lib/kubelet/kubeadm-flags.env')).toContain(
    '--register-with-taints=example.com/infra:NoSchedule',
  );
});

it('says what is missing', async () => {
  const golden = await goldenConfiguration('1.36', 'single');
  expect(() => golden.host('cp2')).toThrow('golden data 1.36 single has no host cp2: it has cp1');
  expect(() => golden.host('cp1').text('/etc/kubernetes/pki/ca.key')).toThrow(
    'golden data of host cp1 has no text root/etc/kubernetes/pki/ca.key',
  );
  await expect(goldenConfiguration('1.30', 'single')).rejects.toThrow(
    'no golden data for Kubernetes 1.30: there is 1.36.3, 1.35.4, 1.34.4',
  );
});

function identity({ kind, metadata }: { kind: string; metadata: { name: string; namespace?: string } }): string {
  return `${kind} ${metadata.namespace ?? ''} ${metadata.name}`;
}
