import type { Report } from '../cache.ts';
import type { TestHost } from '../hosts/host.ts';
import { kubectl } from './kubectl.ts';
import { waitUntil } from './wait-until.ts';

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
function userService({ name, image, page }: UserService) {
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

/** Applies it and waits until its pods are ready. Returns its address, as this machine reaches it: the Service's port on the node. */
export async function deployUserService(host: TestHost, service: UserService, report: Report): Promise<string> {
  const { name } = service;
  report(await kubectl(host, ['apply', '--filename=-'], JSON.stringify(userService(service))));
  report(await kubectl(host, ['rollout', 'status', `deployment/${name}`, '--timeout=180s']));
  const port = await kubectl(host, ['get', 'service', name, '--output=jsonpath={.spec.ports[0].nodePort}']);
  return `http://${host.addresses[0]}:${port}/`;
}

/** Asks until the page comes, for rules that reach the node a moment after their objects exist. Throws after `patienceMs`, a minute if not given. */
export async function pageAt(address: string, patienceMs?: number): Promise<string> {
  const ask = async () => {
    const answer = await fetch(address, { signal: AbortSignal.timeout(5000) });
    const text = (await answer.text()).trim();
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}: ${text}`);
    return text;
  };
  return waitUntil(`${address} answers`, ask, patienceMs);
}
