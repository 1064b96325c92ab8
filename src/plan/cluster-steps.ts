import type { EffectiveConfiguration } from '../config/configuration.types.ts';
import type { Administrator } from '../facts/gathered-facts.ts';
import { listeners } from '../kubernetes/listeners.ts';
import { administrators } from '../kubernetes/objects/administrators.ts';
import { type ClusterObject, FIELD_MANAGER, nameOfObject } from '../kubernetes/objects/api-object.ts';
import { calicoObjects } from '../kubernetes/objects/calico/calico-objects.ts';
import { calicoSettings } from '../kubernetes/objects/calico/calico-settings.ts';
import { clusterObjects } from '../kubernetes/objects/cluster-objects.ts';
import { nodeMarks } from '../kubernetes/objects/node-marks.ts';
import { PKI_DIRECTORY } from '../kubernetes/pki/authorities.ts';
import { ADMIN_KUBECONFIG, SUPER_ADMIN_KUBECONFIG } from '../kubernetes/pki/kubeconfig-specifications.ts';
import type { ArchiveDescription } from '../release/archive-description.ts';
import type { Step } from './plan.ts';
import { type PlannedNode, type PlanTemplates, registryUrl } from './planned-node.ts';
import { kubeletKubeconfig } from './secret-steps.ts';
import type { Condition } from './step-kinds.ts';

const AUTHORITY = `${PKI_DIRECTORY}/ca.crt`;
const KUBELET = 'kubelet.service';

/** Deadlines in seconds: several times what a slow machine takes. */
const deadlines = { registry: 180, apiserver: 300, kubelet: 120, node: 300, pods: 600 } as const;

/** Waits for the registry of a control plane. */
export function registryAnswersStep({ node }: PlannedNode): Step {
  return waitStep(node.nodeName, {
    id: 'wait-for-registry',
    title: 'Wait until the registry answers over TLS',
    reason: 'the images of the other static pods are pulled from it',
    condition: {
      that: 'answers',
      url: `${registryUrl(node.advertiseAddress)}/v2/`,
      authority: AUTHORITY,
      pods: ['registry'],
    },
    deadlineSeconds: deadlines.registry,
  });
}

/** Waits for a control plane's own apiserver. */
export function apiserverReadyStep({ node }: PlannedNode): Step {
  const url = `https://${node.advertiseAddress}:${listeners.apiserver.port}/readyz`;
  return waitStep(node.nodeName, {
    id: 'wait-for-apiserver',
    title: 'Wait until the API server is ready',
    reason: 'everything else is written into it',
    condition: { that: 'answers', url, authority: AUTHORITY, pods: ['etcd', 'kube-apiserver'] },
    deadlineSeconds: deadlines.apiserver,
  });
}

/** What kubeadm calls kubelet-finalize: from here on the kubelet renews its own certificate. */
export function finalizeKubeletSteps({ node }: PlannedNode): readonly Step[] {
  const specification = kubeletKubeconfig(node);
  if (specification?.rotatedFile === undefined) return [];
  return [
    waitStep(node.nodeName, {
      id: 'wait-for-kubelet-certificate',
      title: 'Wait until the kubelet has taken over its certificate',
      reason: 'it keeps it in a file of its own, which it renews',
      condition: { that: 'file-exists', path: specification.rotatedFile },
      deadlineSeconds: deadlines.kubelet,
    }),
    {
      id: 'finalize-kubelet',
      host: node.nodeName,
      kind: 'ensure-kubeconfig',
      title: `Have ${specification.name} name the file that the kubelet renews`,
      reason: 'a certificate within the kubeconfig would end some day',
      disrupts: null,
      specification,
      restarts: KUBELET,
    },
  ];
}

/** All objects but Calico's and the Node: first what gives `admin.conf` its rights, for which those of `super-admin.conf` are needed. */
export function objectSteps(
  { node }: PlannedNode,
  configuration: EffectiveConfiguration,
  templates: PlanTemplates,
): readonly Step[] {
  const first = nameOfObject(administrators());
  const objects = clusterObjects(node.cluster, configuration, templates.node);
  const isFirst = ({ object }: ClusterObject) => nameOfObject(object) === first;
  return [
    applyStep(node.nodeName, {
      id: 'apply-administrators',
      title: 'Give administrators their rights',
      reason: 'admin.conf has none of its own',
      kubeconfig: SUPER_ADMIN_KUBECONFIG,
      objects: objects.filter(isFirst),
    }),
    applyStep(node.nodeName, {
      id: 'apply-cluster-objects',
      title: 'Write what kubeadm keeps in a cluster, kube-proxy, CoreDNS, policies and the configuration',
      reason: 'kubeadm’s own commands and joining nodes read it',
      kubeconfig: ADMIN_KUBECONFIG,
      objects: objects.filter((object) => !isFirst(object)),
    }),
  ];
}

/** The network of pods; none where the configuration wants none. `manifest`: upstream's file of the archive. */
export function networkSteps(
  { node }: PlannedNode,
  { configuration, images, manifest }: NetworkInputs,
): readonly Step[] {
  if (configuration.networks.cni === 'none') return [];
  return [
    applyStep(node.nodeName, {
      id: 'apply-calico',
      title: 'Write Calico',
      reason: 'pods get addresses from it, and the node is not ready before',
      kubeconfig: ADMIN_KUBECONFIG,
      objects: calicoObjects(manifest, calicoSettings(configuration), images),
    }),
  ];
}

export interface NetworkInputs {
  readonly configuration: EffectiveConfiguration;
  readonly images: ArchiveDescription['lock']['images'];
  readonly manifest: string;
}

/** Labels and taints of the Node that the kubelet registers. `version`: the product's. */
export function nodeMarkSteps({ node }: PlannedNode, version: string): readonly Step[] {
  const { nodeName, roles } = node;
  return [
    waitStep(nodeName, {
      id: 'wait-for-node',
      title: 'Wait until the kubelet has registered its Node',
      reason: 'it makes the object, we mark it',
      condition: { that: 'node-registered', kubeconfig: ADMIN_KUBECONFIG, node: nodeName },
      deadlineSeconds: deadlines.node,
    }),
    {
      id: 'mark-node',
      host: nodeName,
      kind: 'patch-node',
      title: `Mark the Node as ${roles.join(', ')}`,
      reason: 'roles decide which pods run there, and the version says that it is ours',
      disrupts: null,
      kubeconfig: ADMIN_KUBECONFIG,
      node: nodeName,
      marks: nodeMarks({ roles, version, ssh: undefined }),
    },
  ];
}

/** Waits until the cluster does its work. A cluster without a network plugin is not ready before its owner brings one. */
export function healthSteps({ node }: PlannedNode, { networks }: EffectiveConfiguration): readonly Step[] {
  if (networks.cni === 'none') return [];
  return [
    waitStep(node.nodeName, {
      id: 'wait-for-node-ready',
      title: 'Wait until the Node is ready',
      reason: 'the network of pods is there then',
      condition: { that: 'node-ready', kubeconfig: ADMIN_KUBECONFIG, node: node.nodeName },
      deadlineSeconds: deadlines.node,
    }),
    waitStep(node.nodeName, {
      id: 'wait-for-pods',
      title: 'Wait until all pods of kube-system are ready',
      reason: 'names, services and networks work then',
      condition: { that: 'pods-ready', kubeconfig: ADMIN_KUBECONFIG, namespace: 'kube-system' },
      deadlineSeconds: deadlines.pods,
    }),
  ];
}

/** A kubeconfig for whoever works on the host. */
export function kubeconfigStep({ node }: PlannedNode, { name, group, home }: Administrator): Step {
  const target = `${home}/.kube/config`;
  return {
    id: 'copy-kubeconfig',
    host: node.nodeName,
    kind: 'copy-kubeconfig',
    title: `Give ${name} a kubeconfig, ${target}, where there is none`,
    reason: 'kubectl looks there',
    disrupts: null,
    source: ADMIN_KUBECONFIG,
    target,
    user: name,
    group,
  };
}

function waitStep(
  host: string,
  wait: Pick<Step, 'id' | 'title' | 'reason'> & { readonly condition: Condition; readonly deadlineSeconds: number },
): Step {
  return { kind: 'wait-for', host, disrupts: null, ...wait };
}

function applyStep(
  host: string,
  apply: Pick<Step, 'id' | 'title' | 'reason'> & {
    readonly kubeconfig: string;
    readonly objects: readonly ClusterObject[];
  },
): Step {
  return { kind: 'apply-objects', host, disrupts: null, fieldManager: FIELD_MANAGER, ...apply };
}
