import type { HostVolume } from './component.ts';
import { hostVolume } from './component-pod.ts';
import { type Pod, PROBE_PORT, runtimeSeccomp, SYSTEM_NAMESPACE, staticPodDefaults } from './pod.ts';
import { livenessProbe, type ProbeTarget, readinessProbe, startupProbe } from './probes.ts';

/** A static pod of ours that runs nginx. */
export interface NginxPod {
  readonly name: string;
  readonly image: string;
  /** Absolute path of nginx's whole configuration. */
  readonly configuration: string;
  /** `sha256:…` of what nginx reads at its start: another digest is another pod, so that it starts again. */
  readonly digest: string;
  /** Directory of the container, in memory, that nginx may write to. */
  readonly state: string;
  readonly volumes: readonly HostVolume[];
  /** Names of those volumes where what the host mounts later shows up too. */
  readonly mountsShowUp?: readonly string[];
  readonly port: number;
  readonly health: ProbeTarget;
  readonly requests: Readonly<Record<string, string>>;
  /** Capabilities that it needs; it has no other. */
  readonly capabilities: readonly string[];
  /** Number of the user and group that it runs as; root when left out. */
  readonly user?: number;
}

/** nginx with a root file system that nobody writes to, without ways to more rights than it has. */
export function nginxPod(pod: NginxPod): Pod {
  const { name, health, user } = pod;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: SYSTEM_NAMESPACE,
      labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'metalk8s' },
      annotations: { 'metalk8s.scality.com/config-digest': pod.digest },
    },
    spec: {
      ...staticPodDefaults,
      containers: [
        {
          name,
          image: pod.image,
          imagePullPolicy: 'IfNotPresent',
          // Not the image's own entry point, which may change files of the image first.
          command: ['nginx', '-e', 'stderr', '-c', pod.configuration, '-g', 'daemon off;'],
          ports: [{ name: PROBE_PORT, containerPort: pod.port, protocol: 'TCP' }],
          resources: { requests: pod.requests },
          livenessProbe: livenessProbe(health),
          readinessProbe: readinessProbe(health),
          startupProbe: startupProbe(health),
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'], ...(pod.capabilities.length > 0 && { add: pod.capabilities }) },
            readOnlyRootFilesystem: true,
          },
          volumeMounts: [
            ...pod.volumes.map(({ name: volume, path }) => ({
              name: volume,
              mountPath: path,
              readOnly: true as const,
              ...(pod.mountsShowUp?.includes(volume) && { mountPropagation: 'HostToContainer' as const }),
            })),
            { name: 'state', mountPath: pod.state },
          ],
        },
      ],
      securityContext: {
        ...runtimeSeccomp,
        ...(user !== undefined && { runAsNonRoot: true, runAsUser: user, runAsGroup: user }),
      },
      volumes: [...pod.volumes.map(hostVolume), { name: 'state', emptyDir: { medium: 'Memory', sizeLimit: '16Mi' } }],
    },
    status: {},
  };
}
