/** A Deployment of a user, with a page to serve, and the Service in front of it. */
export interface UserService {
  readonly name: string;
  /** With BusyBox's httpd. */
  readonly image: string;
  readonly page: string;
}

/**
 * What a user would apply, as a `List`: it keeps to the restricted Pod Security Standard, fetches its image anew, and tolerates the taint of
 * a node that has the control plane. The Service has a port on every node.
 */
export function userService({ name, image, page }: UserService) {
  const labels = { app: name };
  const container = {
    name: 'httpd',
    image,
    imagePullPolicy: 'Always',
    command: ['httpd', '-f', '-p', '8080', '-h', '/www'],
    ports: [{ containerPort: 8080 }],
    readinessProbe: { httpGet: { port: 8080, path: '/' }, periodSeconds: 1 },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    volumeMounts: [{ name: 'page', mountPath: '/www' }],
  };
  const pod = {
    tolerations: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
    terminationGracePeriodSeconds: 0,
    securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container],
    volumes: [{ name: 'page', configMap: { name } }],
  };
  const items = [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { 'index.html': `${page}\n` } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, labels },
      spec: { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { type: 'NodePort', selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
    },
  ];
  return { apiVersion: 'v1', kind: 'List', items };
}
