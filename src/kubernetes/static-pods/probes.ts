import { PROBE_PORT, type Probe } from './pod.ts';

/** What a probe asks, on the container's port for it. */
export interface ProbeTarget {
  readonly host: string;
  readonly path: string;
  readonly scheme: 'HTTP' | 'HTTPS';
}

/** kubeadm's times: restarted after 80 s without health, */
export function livenessProbe(target: ProbeTarget): Probe {
  return probe(target, { failureThreshold: 8, initialDelaySeconds: 10, periodSeconds: 10 });
}

/** out of service after 3 s, */
export function readinessProbe(target: ProbeTarget): Probe {
  return probe(target, { failureThreshold: 3, periodSeconds: 1 });
}

/** and given 4 minutes to start. */
export function startupProbe(target: ProbeTarget): Probe {
  return probe(target, { failureThreshold: 24, initialDelaySeconds: 10, periodSeconds: 10 });
}

function probe({ host, path, scheme }: ProbeTarget, times: Omit<Probe, 'httpGet' | 'timeoutSeconds'>): Probe {
  return { httpGet: { host, path, port: PROBE_PORT, scheme }, timeoutSeconds: 15, ...times };
}
