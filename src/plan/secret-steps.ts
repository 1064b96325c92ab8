import type { ClusterNode } from '../kubernetes/cluster-node.ts';
import { pkiSpecifications } from '../kubernetes/pki/pki-specifications.ts';
import type { KubeconfigSpecification, PkiSpecification } from '../kubernetes/pki/specification.ts';
import type { Step, StepDescription } from './plan.ts';

/** Recipes of all keys, certificates and kubeconfigs of a node, issuers before what they issue. What is there and valid is kept. */
export function secretSteps(node: ClusterNode): readonly Step[] {
  return pkiSpecifications(node, node.cluster.secretsEncryption).map((specification) =>
    secretStep(node.nodeName, specification),
  );
}

/** The kubeconfig of a node's kubelet; undefined for a node that lacks one. */
export function kubeletKubeconfig(node: ClusterNode): KubeconfigSpecification | undefined {
  return pkiSpecifications(node, node.cluster.secretsEncryption).find(
    (each): each is KubeconfigSpecification => each.kind === 'kubeconfig' && each.rotatedFile !== undefined,
  );
}

function secretStep(host: string, specification: PkiSpecification): Step {
  const step = (id: string, title: string, reason: string): StepDescription => ({
    id,
    host,
    title,
    reason,
    disrupts: null,
  });
  switch (specification.kind) {
    case 'authority': {
      const reason = specification.key === undefined ? 'the node trusts it' : 'it signs what the cluster trusts';
      const title = `Ensure the authority ${specification.name}`;
      return { ...step(`authority-${specification.name}`, title, reason), kind: 'ensure-certificate', specification };
    }
    case 'leaf': {
      const { name, issuer, additions } = specification;
      const added = additions.find(({ adds }) => adds === 'file')?.reason;
      const reason = added ?? `kubeadm has it, signed by ${issuer.name}`;
      const title = `Ensure the certificate ${name}`;
      return { ...step(`certificate-${name}`, title, reason), kind: 'ensure-certificate', specification };
    }
    case 'key-pair': {
      const title = `Ensure the key pair ${specification.name}`;
      const reason = 'tokens of service accounts are signed with it';
      return { ...step(`key-${specification.name}`, title, reason), kind: 'ensure-key', specification };
    }
    case 'kubeconfig': {
      const { name, user } = specification;
      const head = step(`kubeconfig-${name}`, `Ensure ${name}`, `${user} reaches the API by it`);
      // After a kill before finalize-kubelet, this makes the kubelet's name the rotated file, and the restart there falls away. Nothing differs
      // then: from its start on, a kubelet that renews its certificate shows what is in that file, and never again what the kubeconfig holds.
      return { ...head, kind: 'ensure-kubeconfig', specification, restarts: null };
    }
    case 'encryption-key': {
      const title = 'Ensure the key that secrets are stored with';
      const reason = `etcd’s files and backups hold ${specification.resources.join(', ')} encrypted`;
      return { ...step('encryption-key', title, reason), kind: 'ensure-encryption-key', specification };
    }
  }
}
