/** Where audit events go: a folder of its own, that only root enters. */
export const AUDIT_LOG_DIRECTORY = '/var/log/kubernetes/audit';
export const AUDIT_LOG = `${AUDIT_LOG_DIRECTORY}/audit.log`;
export const AUDIT_POLICY_FILE = '/etc/kubernetes/audit-policy.yaml';

/** Objects whose content is a secret, or often holds one: who touched them is logged, never what is in them. */
const CONFIDENTIAL = [
  { group: '', resources: ['secrets', 'configmaps', 'serviceaccounts/token'] },
  { group: 'authentication.k8s.io', resources: ['tokenreviews', 'tokenrequests'] },
  { group: 'certificates.k8s.io', resources: ['certificatesigningrequests'] },
];

/** Ways into a running container, or past the API. */
const ENTRANCES = [
  {
    group: '',
    resources: [
      'pods/exec',
      'pods/attach',
      'pods/portforward',
      'pods/proxy',
      'pods/ephemeralcontainers',
      'services/proxy',
      'nodes/proxy',
    ],
  },
];

/** Objects that decide what runs, who may do what, and what is let through. */
const DECISIVE = [
  {
    group: '',
    resources: ['pods', 'pods/binding', 'services', 'nodes', 'namespaces', 'serviceaccounts', 'persistentvolumes'],
  },
  { group: 'apps' },
  { group: 'batch' },
  { group: 'rbac.authorization.k8s.io' },
  { group: 'networking.k8s.io' },
  { group: 'admissionregistration.k8s.io' },
  { group: 'apiextensions.k8s.io' },
  { group: 'apiregistration.k8s.io' },
];

const CHANGING = ['create', 'update', 'patch', 'delete', 'deletecollection'];

/**
 * What the apiserver writes into its audit log. The first rule that fits decides. Nothing of a Secret's content is ever written; what
 * the cluster says to itself all the time is left out; changes that decide something are written with what was asked for.
 */
export function auditPolicy(): Readonly<Record<string, unknown>> {
  return {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitManagedFields: true,
    // Each request would be there twice, first without its outcome.
    omitStages: ['RequestReceived'],
    rules: [
      // Probes, and what anybody may read about the server.
      { level: 'None', nonResourceURLs: ['/healthz*', '/livez*', '/readyz*', '/version', '/openapi*'], verbs: ['get'] },
      // Heartbeats and leader elections, several a second. Whoever is no part of the system is still seen.
      {
        level: 'None',
        userGroups: ['system:nodes', 'system:serviceaccounts:kube-system'],
        resources: [{ group: 'coordination.k8s.io', resources: ['leases'] }],
      },
      {
        level: 'None',
        users: ['system:kube-controller-manager', 'system:kube-scheduler', 'system:apiserver'],
        resources: [{ group: 'coordination.k8s.io', resources: ['leases'] }],
      },
      // Events are a log of their own.
      { level: 'None', verbs: ['create', 'update', 'patch'], resources: [{ group: '', resources: ['events'] }] },
      {
        level: 'None',
        verbs: ['create', 'update', 'patch'],
        resources: [{ group: 'events.k8s.io', resources: ['events'] }],
      },
      // Each node says every few seconds how it and its pods are.
      {
        level: 'None',
        userGroups: ['system:nodes'],
        verbs: ['update', 'patch'],
        resources: [{ group: '', resources: ['nodes/status', 'pods/status'] }],
      },
      { level: 'Metadata', resources: CONFIDENTIAL },
      { level: 'Request', resources: ENTRANCES },
      { level: 'Request', verbs: CHANGING, resources: DECISIVE },
      { level: 'Metadata' },
    ],
  };
}
