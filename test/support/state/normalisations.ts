import type { Possession } from '../../../src/engine/possessions.ts';
import { canonicalJson } from '../../../src/plan/canonical-json.ts';

/**
 * Everything that the comparison of two states lets differ, and why. What stands in no table has to be equal. Nothing else is left out
 * anywhere.
 */

/** A file or folder that is only looked at from outside: type, mode and owner. What is in it or below it is not compared. */
export interface Unlike {
  readonly path: string;
  readonly why: string;
}

export const unlike: readonly Unlike[] = [
  { path: '/etc/machine-id', why: 'each host has its own' },
  { path: '/etc/ssh', why: 'each host has keys of its own' },
  { path: '/etc/ld.so.cache', why: 'has the inode numbers of libraries in it' },
  { path: '/root/.cache', why: 'what interpreters compile for themselves' },
  { path: '/root/.kube/cache', why: 'what kubectl keeps of its questions' },
  { path: '/root/.ssh', why: 'how the test logs in' },
  { path: '/var/cache', why: 'caches: what is lost from them is made again' },
  { path: '/var/lib/calico', why: 'state of a program that runs' },
  { path: '/var/lib/cni', why: 'addresses of pods that run' },
  { path: '/var/lib/containerd', why: 'state of a program that runs; its images are in the list of images' },
  { path: '/var/lib/dnf', why: 'times and numbers of transactions; packages are in the list of packages' },
  { path: '/var/lib/etcd', why: 'state of a program that runs; what it holds are the objects' },
  { path: '/var/lib/kubelet/actuated_pods_state', why: 'names pods that run by their random uids' },
  { path: '/var/lib/kubelet/allocated_pods_state', why: 'names pods that run by their random uids' },
  { path: '/var/lib/kubelet/checkpoints', why: 'state of a program that runs' },
  { path: '/var/lib/kubelet/device-plugins', why: 'state of a program that runs' },
  { path: '/var/lib/kubelet/image_manager', why: 'times of pulls; images are in the list of images' },
  { path: '/var/lib/kubelet/pods', why: 'named by the random uids of pods' },
  { path: '/var/lib/metalk8s/runs', why: 'how often it was begun, and when' },
  { path: '/var/lib/metalk8s/salt/cache', why: 'a cache of Salt, with the times of what it holds' },
  { path: '/var/lib/rpm', why: 'times of installation; packages are in the list of packages' },
  { path: '/var/lib/systemd', why: 'times of timers and random seeds' },
  { path: '/var/log', why: 'says what happened, and when' },
  { path: '/var/tmp', why: 'folders of running services, named by chance' },
];

/** A part of names and texts that differs, and what is put in its place. */
export interface Renamed {
  readonly pattern: RegExp;
  readonly as: string;
  readonly why: string;
}

/** Where links lead. */
export const renamedFiles: readonly Renamed[] = [
  {
    pattern: /^(\/var\/lib\/kubelet\/pki\/kubelet-client)-[\d-]+(?=\.pem$)/,
    as: '$1-<time>',
    why: 'the kubelet names its certificate by the time',
  },
];

/** Files of which there may be more or fewer. */
export const passingFiles: readonly { readonly paths: RegExp; readonly why: string }[] = [
  {
    paths: /^\/var\/lib\/kubelet\/pki\/kubelet-client-[\d-]+\.pem$/,
    why: 'former certificates of the kubelet stay beside the one in use, which is compared where a link leads to it',
  },
  {
    paths: /^\/usr\/lib\/python3\/dist-packages\/(?:.*\/)?__pycache__(?:\/[^/]+\.pyc)?$/,
    why: 'what Python compiles of dnf and its plugins when dnf is started: a run that was cut off starts it once more',
  },
];

/** A file whose bytes differ: what is compared of its text in their place. */
export interface ComparedText {
  readonly paths: RegExp;
  readonly why: string;
  readonly compared: (text: string) => string;
}

const SECRET = '<secret>';

export const comparedTexts: readonly ComparedText[] = [
  {
    paths: /^\/(?:etc\/kubernetes|etc\/metalk8s|var\/lib\/kubelet)\/pki\/.*\.(?:crt|key|pub|pem)$/,
    why: 'new keys at each bootstrap: what they are, and who signed what, is compared as `pki`',
    compared: () => '<pki>',
  },
  {
    paths: /^\/etc\/kubernetes\/encryption\.conf$/,
    why: 'the key that secrets are encrypted with: its length is compared',
    compared: (text) =>
      text.replace(
        /^(\s*secret: )(\S+)$/gm,
        (_, field: string, value: string) => `${field}${SECRET} of ${Buffer.from(value, 'base64').length} bytes`,
      ),
  },
  {
    paths: /^\/(?:etc\/kubernetes\/[\w-]+\.conf|root\/\.kube\/config)$/,
    why: 'certificates and keys within kubeconfigs',
    compared: (text) => withoutPem(text),
  },
  {
    paths: /^\/etc\/dnf\/plugins\/versionlock\.list$/,
    why: 'dnf notes when it added a lock',
    compared: (text) => text.replace(/^(# Added lock on ).*$/gm, '$1<time>'),
  },
  {
    paths: /^\/var\/lib\/metalk8s\/runtime\/[^/]+\/checked$/,
    why: 'inode numbers and times of the copied program, by which a change of it shows',
    compared: (text) => text.replace(/^(\S+) \d+ (\d+ \d+ \d+) .*$/gm, '$1 <inode> $2 <times>'),
  },
  {
    paths: /^\/var\/lib\/metalk8s\/salt\/.*\/__pycache__\/.*\.pyc$/,
    why: 'what Python compiles for itself has the time of its source in it',
    compared: () => '<compiled>',
  },
  {
    paths: /^\/var\/lib\/metalk8s\/possessions\.json$/,
    why: 'settings of the kernel that all hosts of the machine share have the value that another host gave them; order says nothing',
    compared: possessionLines,
  },
  {
    paths: /^\/etc\/cni\/net\.d\/calico-kubeconfig$/,
    why: 'a token that Calico renews, and the certificate of the authority',
    compared: (text) => withoutPem(text).replace(/(token: )\S+/g, `$1${SECRET}`),
  },
  {
    paths: /^\/var\/lib\/kubelet\/(?:cpu|memory)_manager_state$/,
    why: 'a checksum over what runs',
    compared: (text) => text.replace(/"checksum":\d+/, '"checksum":<number>'),
  },
];

/** Lines of lists of which there may be more or fewer. */
export const passingLines: readonly { readonly list: string; readonly lines: RegExp; readonly why: string }[] = [
  { list: 'units', lines: /^(?:session-|user@|user-runtime-dir@)/, why: 'somebody is logged in' },
  { list: 'units', lines: /^(?:systemd-tmpfiles-clean|systemd-hostnamed|systemd-timedated)\./, why: 'come and go' },
  {
    list: 'mounts',
    lines: /^\/(?:run|proc|sys|dev|var\/lib\/kubelet\/pods)(?:\/|$)/,
    why: 'of what runs, named by chance',
  },
  { list: 'images', lines: /^sha256:/, why: 'a second name that containerd gives' },
  {
    list: 'rules',
    lines:
      / (?::cali-(?:from|to)-wl-dispatch-[0-9a-f]+ -$|-A cali-(?:from|to)-wl-dispatch(?:-[0-9a-f]+)? -[io] cali[0-9a-f]*\+ |-A cali-(?:from|to)-wl-dispatch-[0-9a-f]+ .*"Unknown interface" )/,
    why: 'Calico looks names of interfaces up in a tree: where several begin alike, and so have a chain of their own, is chance',
  },
];

/** Texts in lines of lists. Lists are sorted: in which order rules stand in a chain is not compared. */
export const renamedInLines: readonly (Renamed & { readonly lists: readonly string[] })[] = [
  {
    lists: ['rules', 'links', 'addresses', 'routes', 'settings'],
    pattern: /\bcali[0-9a-f]{11}\b/g,
    as: 'cali<random>',
    why: 'Calico names the interface of a pod after its random name',
  },
  {
    lists: ['rules'],
    pattern: /\b(cali-(?:from|to)-wl-dispatch)-[0-9a-f]+\b/g,
    as: '$1',
    why: 'a chain of that tree',
  },
  { lists: ['links', 'addresses'], pattern: /@if\d+/g, as: '', why: 'the number of the other end of an interface' },
  {
    lists: ['addresses', 'routes'],
    pattern: /\bfe80::[0-9a-f:]+(?=[/ ])(?!\/64 dev)/g,
    as: 'fe80::<random>',
    why: 'made of the hardware address, which is made by chance',
  },
  {
    lists: ['rules', 'addresses', 'routes'],
    pattern: /\b10\.233\.(?!0\.0\/16)\d+\.\d+\b/g,
    as: '<pod address>',
    why: 'given in the order of starts, from a block that was chosen by chance',
  },
  {
    lists: ['rules'],
    pattern: /\bKUBE-SEP-[A-Z2-7]{16}\b/g,
    as: 'KUBE-SEP-<endpoint>',
    why: 'a sum over the address of a pod',
  },
  {
    lists: ['rules'],
    pattern: /"cali:[\w-]{16}"/g,
    as: '"cali:<sum>"',
    why: 'a sum over the rule, with the name of the interface',
  },
];

/** Fields of certificates. */
export const leftOutOfCertificates: Readonly<Record<string, string>> = {
  begins: 'whether it was the same second in which its issuer was made',
};

/** A certificate that a program may have replaced by one of its own: what either of both has counts as the same. */
export const replacedCertificate = {
  paths: /^\/var\/lib\/kubelet\/pki\/kubelet-client-current\.pem\.(?:crt|key)$/,
  why: 'with the certificate that it finds in a kubeconfig the kubelet asks for one of its own, whose key is an elliptic one; whether it has it before its restart is chance',
  alike: [
    ['RSA 2048, exponent 65537', 'EC prime256v1'],
    ['RSA PRIVATE KEY', 'EC PRIVATE KEY'],
    ['digitalSignature,keyEncipherment', 'digitalSignature'],
  ],
} as const;

/** Objects that what runs makes by itself. */
export const leftOutKinds: Readonly<Record<string, string>> = {
  BlockAffinity: 'state of Calico',
  CSINode: 'of the kubelet',
  CertificateSigningRequest: 'of the kubelet, gone after an hour',
  ControllerRevision: 'history of a DaemonSet',
  EndpointSlice: 'addresses of pods that run',
  Endpoints: 'addresses of pods that run',
  Event: 'says what happened, and when',
  IPAMBlock: 'state of Calico',
  IPAMHandle: 'state of Calico',
  Lease: 'who is at work, and since when',
};

/** Fields of all objects, from the top; `*` is any key or place. */
export const leftOutFields: readonly { readonly path: readonly string[]; readonly why: string }[] = [
  { path: ['metadata', 'uid'], why: 'random' },
  { path: ['metadata', 'resourceVersion'], why: 'counts changes' },
  { path: ['metadata', 'generation'], why: 'counts changes' },
  { path: ['metadata', 'creationTimestamp'], why: 'time' },
  { path: ['metadata', 'managedFields'], why: 'times of changes' },
  { path: ['metadata', 'ownerReferences', '*', 'uid'], why: 'random' },
  { path: ['metadata', 'annotations', 'kubernetes.io/config.seen'], why: 'time' },
  { path: ['metadata', 'annotations', 'cni.projectcalico.org/containerID'], why: 'random' },
  { path: ['metadata', 'annotations', 'cni.projectcalico.org/podIP'], why: 'given in the order of starts' },
  { path: ['metadata', 'annotations', 'cni.projectcalico.org/podIPs'], why: 'given in the order of starts' },
  { path: ['metadata', 'annotations', 'projectcalico.org/metadata'], why: 'uid and time' },
  { path: ['spec', 'clusterGUID'], why: 'random, of Calico' },
  { path: ['status'], why: 'what runs says of itself' },
];

/** Texts in objects, names among them. */
export const renamedInObjects: readonly (Renamed & { readonly kinds?: readonly string[] })[] = [
  { pattern: /-----BEGIN [^-]+-----[^-]+-----END [^-]+-----\n?/g, as: '<PEM>', why: 'new keys at each bootstrap' },
  { pattern: /LS0tLS1CRUdJTi[\w+/]+=*/g, as: '<PEM in base64>', why: 'new keys at each bootstrap' },
  { pattern: /\bkube-api-access-[a-z0-9]{5}$/, as: 'kube-api-access-<random>', why: 'a name given by chance' },
  {
    pattern: /^([a-z0-9-]+?)(?:-[0-9a-f]{6,10})?-[a-z0-9]{5}$/,
    as: '$1-<random>',
    why: 'a name given by chance',
    kinds: ['Pod'],
  },
];

/** Certificates and keys in the base64 of kubeconfigs. */
function withoutPem(text: string): string {
  return text.replace(/(-data: )\S+/g, `$1${SECRET}`);
}

/** A line for each entry, so that what differs is shown by itself. */
function possessionLines(text: string): string {
  const { entries, ...rest } = JSON.parse(text) as { readonly entries: readonly Possession[] };
  const shared = /^(?:kernel|vm)\.|^net\.netfilter\.nf_conntrack_max$/;
  const lines = entries.map((entry) =>
    canonicalJson(
      entry.what === 'kernel-setting' && shared.test(entry.name) ? { ...entry, before: "<the machine's>" } : entry,
    ),
  );
  return [canonicalJson(rest), ...lines.sort()].join('\n');
}
