/** Programs whose arguments are looked at. */
export type CisProgram =
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'etcd'
  | 'kubelet'
  | 'kube-proxy';

/** What is known of a node: of one that runs, read from it, or of one that is planned, taken from what was rendered. */
export interface CisSubject {
  /** By absolute path: at least those of {@link CisCheck.reads}, as far as they are there. */
  readonly files: ReadonlyMap<string, CisFile>;
  /** Program and arguments of what runs. */
  readonly commands: Readonly<Partial<Record<CisProgram, readonly string[]>>>;
  /** The KubeletConfiguration in effect, drop-ins included. */
  readonly kubelet: Readonly<Record<string, unknown>> | undefined;
  /** The KubeProxyConfiguration. */
  readonly kubeProxy: Readonly<Record<string, unknown>> | undefined;
}

export interface CisFile {
  /** Permission bits. */
  readonly mode: number;
  readonly user: string;
  readonly group: string;
}

/** Whether a node is as it should be, and what was found. */
export interface CisVerdict {
  readonly passed: boolean;
  readonly found: string;
}

/** One item of the benchmark. */
export interface CisCheck {
  /** The benchmark's number. */
  readonly id: string;
  /** What has to hold, in short. */
  readonly what: string;
  /** Nodes that it is about. */
  readonly on: 'control-plane' | 'etcd' | 'every node';
  /** Paths whose mode and owner it needs; with a slash at the end: of the directory and all that is in it. */
  readonly reads: readonly string[];
  probe(subject: CisSubject): CisVerdict;
}
