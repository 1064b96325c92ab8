import { expect, it } from 'vitest';
import { auditPolicy } from '../../../src/kubernetes/control-plane/audit-policy.ts';

interface Request {
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly verb: string;
  readonly path?: string;
  readonly group?: string;
  readonly resource?: string;
}

interface Rule {
  readonly level: string;
  readonly users?: readonly string[];
  readonly userGroups?: readonly string[];
  readonly verbs?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly resources?: readonly { readonly group: string; readonly resources?: readonly string[] }[];
}

const rules = auditPolicy().rules as readonly Rule[];

/** The first rule that fits, as the apiserver reads a policy. */
function levelOf(request: Request): string | undefined {
  return rules.find((rule) => fits(rule, request))?.level;
}

function fits(rule: Rule, { user = 'alice', groups = [], verb, path, group = '', resource }: Request): boolean {
  if (rule.users && !rule.users.includes(user)) return false;
  if (rule.userGroups && !rule.userGroups.some((one) => groups.includes(one))) return false;
  if (rule.verbs && !rule.verbs.includes(verb)) return false;
  if (rule.nonResourceURLs) return path !== undefined && rule.nonResourceURLs.some((url) => urlFits(url, path));
  if (!rule.resources) return true;
  return rule.resources.some(
    (one) => one.group === group && resource !== undefined && (one.resources ?? [resource]).includes(resource),
  );
}

function urlFits(url: string, path: string): boolean {
  return url.endsWith('*') ? path.startsWith(url.slice(0, -1)) : path === url;
}

it.each<[string, Request, string]>([
  ['a probe', { verb: 'get', path: '/readyz/etcd' }, 'None'],
  ['metrics', { verb: 'get', path: '/metrics' }, 'Metadata'],
  ['a Secret that is read', { verb: 'get', resource: 'secrets' }, 'Metadata'],
  ['a Secret that is made', { verb: 'create', resource: 'secrets' }, 'Metadata'],
  ['a Secret that a node reads', { verb: 'get', resource: 'secrets', groups: ['system:nodes'] }, 'Metadata'],
  ['a token of a service account', { verb: 'create', resource: 'serviceaccounts/token' }, 'Metadata'],
  ['a ConfigMap', { verb: 'update', resource: 'configmaps' }, 'Metadata'],
  ['a token that is checked', { verb: 'create', group: 'authentication.k8s.io', resource: 'tokenreviews' }, 'Metadata'],
  ['a shell in a pod', { verb: 'get', resource: 'pods/exec' }, 'Request'],
  ['a way to a port', { verb: 'create', resource: 'pods/portforward' }, 'Request'],
  ['a pod that is made', { verb: 'create', resource: 'pods' }, 'Request'],
  ['a pod that is read', { verb: 'list', resource: 'pods' }, 'Metadata'],
  ['a Deployment that is changed', { verb: 'patch', group: 'apps', resource: 'deployments' }, 'Request'],
  [
    'a right that is given',
    { verb: 'create', group: 'rbac.authorization.k8s.io', resource: 'rolebindings' },
    'Request',
  ],
  [
    'a webhook',
    { verb: 'delete', group: 'admissionregistration.k8s.io', resource: 'validatingwebhookconfigurations' },
    'Request',
  ],
  ['an Event', { verb: 'create', resource: 'events' }, 'None'],
  ['an Event that is deleted', { verb: 'delete', resource: 'events' }, 'Metadata'],
  [
    'the heartbeat of a node',
    { verb: 'update', group: 'coordination.k8s.io', resource: 'leases', groups: ['system:nodes'] },
    'None',
  ],
  ['a lease that somebody takes', { verb: 'update', group: 'coordination.k8s.io', resource: 'leases' }, 'Metadata'],
  ['the status of a node', { verb: 'patch', resource: 'nodes/status', groups: ['system:nodes'] }, 'None'],
  ['the status of a node, by somebody else', { verb: 'patch', resource: 'nodes/status' }, 'Metadata'],
  ['an object of somebody else', { verb: 'create', group: 'example.com', resource: 'things' }, 'Metadata'],
])('writes %s', (_what, request, level) => {
  expect(levelOf(request)).toBe(level);
});

it('writes no answer of any request, as it may hold a secret', () => {
  expect(rules.map(({ level }) => level)).not.toContain('RequestResponse');
});
