import { SYSTEM_NAMESPACE } from '../static-pods/pod.ts';

export const ADMISSION_CONFIGURATION_FILE = '/etc/kubernetes/admission-configuration.yaml';

/**
 * What Pod Security asks of namespaces without labels of their own: nothing that takes over a host, and a warning for all that
 * could ask for less. A namespace's labels say otherwise where they must.
 */
export function admissionConfiguration(): Readonly<Record<string, unknown>> {
  return {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AdmissionConfiguration',
    plugins: [
      {
        name: 'PodSecurity',
        configuration: {
          apiVersion: 'pod-security.admission.config.k8s.io/v1',
          kind: 'PodSecurityConfiguration',
          defaults: {
            enforce: 'baseline',
            'enforce-version': 'latest',
            audit: 'restricted',
            'audit-version': 'latest',
            warn: 'restricted',
            'warn-version': 'latest',
          },
          // kube-proxy, Calico and static pods are of this namespace, and need the host.
          exemptions: { usernames: [], runtimeClasses: [], namespaces: [SYSTEM_NAMESPACE] },
        },
      },
    ],
  };
}
