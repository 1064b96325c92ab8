/** What the outer program asks of the sandbox, as one line of JSON on its standard input, which then stays open. */
export interface SandboxRequest {
  /** Folders with programs, bound read-only; the first holds kubeadm. */
  readonly programs: readonly string[];
  /** The program made from decode.go. */
  readonly decoder: string;
  /** Addresses of the network that the hosts share, with prefix length; the first is the default route's. */
  readonly addresses: readonly string[];
  /** Extra lines of every host's `/etc/hosts`. */
  readonly hostsFile: readonly string[];
  /** Address and port that pass for the load balancer before the API servers. */
  readonly loadBalancer?: { readonly address: string; readonly port: number };
  /** Static pods to run for real, from `programs`. Without kube-apiserver a double of the API records what is sent. */
  readonly run: readonly ('etcd' | 'kube-apiserver')[];
  /** In order; the first initialises the cluster. */
  readonly hosts: readonly SandboxHost[];
}

export interface SandboxHost {
  /** Its host name. */
  readonly name: string;
  /** The name under which its kubelet registers; the host name unless the configuration says otherwise. */
  readonly nodeName: string;
  /** Arguments of kubeadm. */
  readonly command: readonly string[];
  /** Files that an administrator put there before: path to content. */
  readonly files: Readonly<Record<string, string>>;
}

export interface SandboxResult {
  readonly hosts: readonly HostRecord[];
  /** With the real API: what a GET returned for each object that kubeadm sent, by API path. */
  readonly held: Readonly<Record<string, unknown>>;
}

export interface HostRecord {
  readonly name: string;
  /** Everything under the host's writable folders that was not there before kubeadm ran, or changed. */
  readonly files: readonly FileRecord[];
  /** Files of /etc/kubernetes that kubeadm had written when it first started the kubelet, and altered or removed later. */
  readonly atKubeletStart: readonly FileRecord[];
  /** Writing requests to the API double, in order. */
  readonly requests: readonly RequestRecord[];
  /** Calls of the service manager, in order, without repeated reloads. */
  readonly serviceCalls: readonly string[];
  /** What kubeadm printed, on both streams. */
  readonly output: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

export interface FileRecord {
  readonly path: string;
  readonly type: 'file' | 'directory' | 'link';
  /** Four octal digits. */
  readonly mode: string;
  /** Numeric user and group, `uid:gid`. */
  readonly owner: string;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
  /** A file's text, or a link's target. */
  readonly content?: string;
}

export interface RequestRecord {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Common name of the client certificate, else `bearer token` or `anonymous`. */
  readonly user: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
}
