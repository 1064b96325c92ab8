import { callApi } from './call-api.ts';

/** Collections that kubeadm writes to. */
const COLLECTIONS = [
  '/api/v1/nodes',
  ...['kube-system', 'kube-public'].flatMap((namespace) => [
    ...['configmaps', 'secrets', 'serviceaccounts', 'services'].map(
      (name) => `/api/v1/namespaces/${namespace}/${name}`,
    ),
    ...['roles', 'rolebindings'].map((name) => `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/${name}`),
  ]),
  '/apis/apps/v1/namespaces/kube-system/deployments',
  '/apis/apps/v1/namespaces/kube-system/daemonsets',
  '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
];

interface ObjectList {
  kind: string;
  apiVersion: string;
  items: { metadata: { name: string } }[];
}

/** Reads from the real API what its collections hold, the server's own objects included, by API path. */
export async function readHeld(root: string): Promise<Record<string, unknown>> {
  const held: Record<string, unknown> = {};
  for (const collection of COLLECTIONS) {
    const list = (await callApi(root, 'super-admin.conf', { method: 'GET', path: collection })) as ObjectList;
    const kind = list.kind.replace(/List$/, '');
    for (const item of list.items) {
      held[`${collection}/${item.metadata.name}`] = { ...item, kind, apiVersion: list.apiVersion };
    }
  }
  return held;
}
