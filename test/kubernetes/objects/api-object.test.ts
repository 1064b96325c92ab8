import { expect, it } from 'vitest';
import { type ClusterObject, withFiles } from '../../../src/kubernetes/objects/api-object.ts';
import { clusterInfo } from '../../../src/kubernetes/objects/cluster-info.ts';
import { clusterSettings } from '../../support/kubernetes/cluster-node.ts';

const PATH = '/etc/kubernetes/pki/ca.crt';
const info = clusterInfo(clusterSettings());

it('puts the base64 of a file where it belongs, as kubeadm writes it', () => {
  // Patterns of String.replace are no patterns here.
  const made = withFiles(info, new Map([[PATH, Buffer.from("$& $' certificate")]])) as {
    data?: Record<string, string>;
  };
  expect(made.data?.kubeconfig).toContain(
    `    certificate-authority-data: ${Buffer.from("$& $' certificate").toString('base64')}\n`,
  );
  expect(JSON.stringify(made)).not.toContain('BASE64(');
});

it('changes no other object', () => {
  const plain: ClusterObject = { ...info, files: [] };
  expect(withFiles(plain, new Map())).toEqual(info.object);
});

it('names the object and the file that lacks', () => {
  expect(() => withFiles(info, new Map())).toThrow(`ConfigMap kube-public/cluster-info needs ${PATH}`);
});
