import type { Leftover } from '../../facts/observed-host.ts';
import type { Check } from '../check.ts';

/** Each path that exists is a finding of its own, of the first kind that it fits. */
const KINDS = {
  'etcd-data': /^\/var\/lib\/etcd(?:\/|$)/,
  'cluster-authority': /^\/etc\/kubernetes\/pki(?:\/|$)/,
  'leftover-manifests': /^\/etc\/kubernetes\/manifests(?:\/|$)/,
  'leftover-kubeconfigs': /^\/etc\/kubernetes\//,
  'leftover-kubelet': /^\/var\/lib\/kubelet(?:\/|$)/,
  'leftover-network': /^\/(?:etc\/cni|opt\/cni|var\/lib\/cni|var\/lib\/calico|run\/calico|run\/flannel)(?:\/|$)/,
  'leftover-containers': /^\/(?:var\/lib\/(?:containerd|docker)|etc\/containerd)(?:\/|$)/,
  'leftover-metalk8s': /^\/(?:etc\/(?:metalk8s|salt)|srv\/(?:metalk8s|scality)|var\/lib\/metalk8s)(?:\/|$)/,
} as const;

type Kind = keyof typeof KINDS | 'other-leftovers';

function kindOf(path: string): Kind {
  const [kind] = Object.entries(KINDS).find(([, pattern]) => pattern.test(path)) ?? [];
  return (kind as Kind | undefined) ?? 'other-leftovers';
}

function leftoverCheck(name: Kind, rest: Pick<Check, 'title' | 'why' | 'mend' | 'cannotBeIgnored'>): Check {
  return {
    name,
    ...rest,
    severity: 'error',
    onlyFresh: true,
    inspect: ({ host }) => host.leftovers.filter(({ path }) => kindOf(path) === name).map(found),
  };
}

function found({ path, what }: Leftover) {
  return { found: `there is ${path} (${what})` };
}

const RESET =
  'If it is of a cluster that is gone, remove it by the means of that cluster (`kubeadm reset`, an uninstall script), then by hand.';

export const leftoverChecks = [
  leftoverCheck('etcd-data', {
    title: 'data of an etcd',
    why: 'etcd goes on with the data that it finds: the new cluster would be the old one, with all that is in it',
    mend: 'Make sure that nobody needs them, keep a copy, then remove all in /var/lib/etcd.',
    cannotBeIgnored: 'the data of the other cluster would be changed beyond repair',
  }),
  leftoverCheck('cluster-authority', {
    title: 'certificate authorities and keys of another cluster',
    why: 'they would be taken for those of the new cluster: whoever has a certificate of the old one is let in to the new one',
    mend: 'Move /etc/kubernetes/pki to a safe place: nobody can get into the other cluster without it.',
    cannotBeIgnored: 'certificates of the other cluster would be replaced, and both clusters would trust each other',
  }),
  leftoverCheck('leftover-manifests', {
    title: 'manifests of static pods',
    why: 'the kubelet starts every pod that lies there, those of the other cluster as well',
    mend: RESET,
  }),
  leftoverCheck('leftover-kubeconfigs', {
    title: 'kubeconfigs of another cluster',
    why: 'the kubelet and the control plane would log in to the other cluster',
    mend: RESET,
  }),
  leftoverCheck('leftover-kubelet', {
    title: 'state of another kubelet',
    why: 'the kubelet goes on with pods, certificates and settings that it finds there',
    mend: `${RESET} Volumes that are still mounted below it have to be unmounted before.`,
  }),
  leftoverCheck('leftover-network', {
    title: 'configuration and state of another network plugin',
    why: 'the first configuration by name is used: pods would be connected by the other plugin, with addresses that it gave away',
    mend: `${RESET} What podman has there can be moved elsewhere, or stay when it sorts after 10-calico.conflist: ignore this check then.`,
  }),
  leftoverCheck('leftover-containers', {
    title: 'images, containers and configuration of another runtime',
    why: 'containerd would go on with them: images that nobody verified are there, and a configuration that is not ours',
    mend:
      'Remove them, when nothing on the host needs them. With this check ignored, images and containers stay beside ours; a configuration ' +
      'is replaced by ours, and put back by `metalk8s reset`.',
  }),
  leftoverCheck('leftover-metalk8s', {
    title: 'files of another installation of MetalK8s, or of Salt',
    why: 'what is there is neither replaced nor trusted',
    mend: 'Run `metalk8s reset` of the version that made it. Of the original MetalK8s, and of Salt, remove them by hand.',
  }),
  leftoverCheck('other-leftovers', {
    title: 'whatever else other clusters leave behind',
    why: 'another cluster is, or was, on this host',
    mend: RESET,
  }),
] as const;
