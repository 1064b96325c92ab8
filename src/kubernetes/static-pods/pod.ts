/** The part of a Pod that static pods need, as core/v1 has it. */
export interface Pod {
  readonly apiVersion: 'v1';
  readonly kind: 'Pod';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>> | undefined;
  };
  readonly spec: {
    readonly containers: readonly Container[];
    readonly hostNetwork: true;
    readonly priority: number;
    readonly priorityClassName: string;
    readonly securityContext: Readonly<Record<string, unknown>>;
    readonly volumes: readonly Volume[];
  };
  /** kubeadm's serialisation has it, empty. */
  readonly status: Readonly<Record<string, never>>;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy: 'IfNotPresent';
  readonly command: readonly string[];
  readonly env?: readonly EnvironmentVariable[] | undefined;
  readonly ports: readonly { readonly name: string; readonly containerPort: number; readonly protocol: 'TCP' }[];
  readonly resources: { readonly requests: Readonly<Record<string, string>> };
  readonly livenessProbe: Probe;
  readonly readinessProbe?: Probe | undefined;
  readonly startupProbe: Probe;
  readonly securityContext?: Readonly<Record<string, unknown>> | undefined;
  readonly volumeMounts: readonly VolumeMount[];
}

/** A value, or a field of the pod that the kubelet fills in. */
export type EnvironmentVariable =
  | { readonly name: string; readonly value: string }
  | {
      readonly name: string;
      readonly valueFrom: { readonly fieldRef: { readonly apiVersion: 'v1'; readonly fieldPath: string } };
    };

export interface Probe {
  readonly httpGet: {
    readonly host: string;
    readonly path: string;
    readonly port: string;
    readonly scheme: 'HTTP' | 'HTTPS';
  };
  readonly failureThreshold: number;
  readonly initialDelaySeconds?: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
}

export interface Volume {
  readonly name: string;
  readonly hostPath?: { readonly path: string; readonly type: HostPathType };
  readonly emptyDir?: Readonly<Record<string, unknown>>;
}

export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: true;
  readonly mountPropagation?: 'HostToContainer';
}

/** What has to be at a path of the host; empty: nothing is asked. */
export type HostPathType = '' | 'File' | 'FileOrCreate' | 'Directory' | 'DirectoryOrCreate';

/** Where the kubelet looks for static pods. */
export const MANIFESTS_DIRECTORY = '/etc/kubernetes/manifests';
/** All static pods are of this namespace, whose pods have no limits from Pod Security. */
export const SYSTEM_NAMESPACE = 'kube-system';
/** How containers name the port that their probes ask. */
export const PROBE_PORT = 'probe-port';

/** What every static pod has: the host's network, no evictions, the runtime's system call filter. */
export const staticPodDefaults = {
  hostNetwork: true,
  priority: 2_000_001_000,
  priorityClassName: 'system-node-critical',
} as const;

export const runtimeSeccomp = { seccompProfile: { type: 'RuntimeDefault' } } as const;
