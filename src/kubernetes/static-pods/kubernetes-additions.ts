import type { ClusterSettings } from '../cluster-settings.ts';
import type { ComponentAddition } from './component.ts';
import { CIPHER_SUITES_REASON, cipherSuites, OLDEST_TLS, OLDEST_TLS_REASON } from './tls-floor.ts';

/** Kubernetes' word for how much is logged; 4 is what its developers call the level for debugging. */
const DEBUG_VERBOSITY = 4;

/** What we add to all three programs of Kubernetes on a control plane. */
export function kubernetesAdditions({ debug }: ClusterSettings): readonly ComponentAddition[] {
  return [
    {
      adds: 'argument',
      name: 'profiling',
      value: 'false',
      reason: 'profiles tell about memory and load; no operator needs them served',
    },
    { adds: 'argument', name: 'tls-min-version', value: OLDEST_TLS, reason: OLDEST_TLS_REASON },
    { adds: 'argument', name: 'tls-cipher-suites', value: cipherSuites.join(','), reason: CIPHER_SUITES_REASON },
    ...(debug ? [debugArgument('v', String(DEBUG_VERBOSITY))] : []),
  ];
}

export function debugArgument(name: string, value: string): ComponentAddition {
  return { adds: 'argument', name, value, reason: 'the configuration says debug' };
}

export { DEBUG_VERBOSITY };
