/** A cluster that kubeadm is observed making. */
export interface OracleConfiguration {
  readonly name: string;
  /** What it shows, in one line. */
  readonly shows: string;
  /** In order; the first runs `kubeadm init`, the others `kubeadm join`. */
  readonly hosts: readonly OracleHost[];
  /** Takes many seconds of computing and shows little: made by `npm run golden` only, not by each test run. */
  readonly costly?: true;
  /** Static pods that really run; default none. */
  readonly run?: readonly ('etcd' | 'kube-apiserver')[];
}

export interface OracleHost {
  readonly name: string;
  /** When the kubelet registers under another name than the host's. */
  readonly nodeName?: string;
  /** Documents of the file given to `--config`; `kubernetesVersion` is added to the ClusterConfiguration. */
  readonly documents: readonly Document[];
  /** Further arguments. */
  readonly arguments?: readonly string[];
  /** Files that lie on the host before: path to content. */
  readonly files?: Readonly<Record<string, string>>;
}

/** One kubeadm, kubelet or kube-proxy configuration document. */
export interface Document {
  readonly apiVersion: string;
  readonly kind: string;
  readonly [field: string]: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

const KUBEADM = 'kubeadm.k8s.io/v1beta4';

/** Fixed, so that golden data is the same each time; they open nothing. */
export const TOKEN = 'abcdef.0123456789abcdef';
export const CERTIFICATE_KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';

export function initConfiguration(fields: Fields = {}): Document {
  return { apiVersion: KUBEADM, kind: 'InitConfiguration', bootstrapTokens: [{ token: TOKEN }], ...fields };
}

export function clusterConfiguration(fields: Fields = {}): Document {
  return { apiVersion: KUBEADM, kind: 'ClusterConfiguration', ...fields };
}

export function joinConfiguration(apiServerEndpoint: string, fields: Fields = {}): Document {
  const bootstrapToken = { apiServerEndpoint, token: TOKEN, unsafeSkipCAVerification: true };
  return { apiVersion: KUBEADM, kind: 'JoinConfiguration', discovery: { bootstrapToken }, ...fields };
}

export function kubeletConfiguration(fields: Fields): Document {
  return { apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration', ...fields };
}

export function kubeProxyConfiguration(fields: Fields): Document {
  return { apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration', ...fields };
}
