import { posix } from 'node:path';
import { fault, type Rule, type RuleProblem, warning } from '../../documents/rule.ts';
import { type Asked, isGiven } from './asked.ts';

/** kube-controller-manager gives each node a /24: 256 addresses, less network and broadcast. */
const ADDRESSES_PER_NODE = 254;

export const settingRules: readonly Rule<Asked>[] = [
  { name: 'duplicate-archive', check: duplicateArchive },
  { name: 'incomplete-oidc', check: incompleteOidc },
  { name: 'no-proxy-without-proxy', check: noProxyWithoutProxy },
  { name: 'more-pods-than-addresses', check: morePodsThanAddresses },
  { name: 'user-without-sudo', check: userWithoutSudo },
  { name: 'no-backups-yet', check: noBackupsYet },
];

function duplicateArchive({ configuration }: Asked): RuleProblem[] {
  const paths = (configuration.archives ?? []).map((path) => path && posix.join(path, '.'));
  return paths.flatMap((path, index) => {
    const first = paths.indexOf(path);
    if (path === undefined || first === index) return [];
    return [fault(['archives', index], `is the same as archives[${first}]: leave one out`)];
  });
}

function incompleteOidc({ configuration }: Asked): RuleProblem[] {
  const oidc = configuration.kubernetes?.apiServer?.oidc;
  if (oidc === undefined) return [];
  return (['issuerURL', 'clientID'] as const)
    .filter((name) => oidc[name] === undefined)
    .map((name) => fault(['kubernetes', 'apiServer', 'oidc', name], 'is required once anything of oidc is given'));
}

function noProxyWithoutProxy({ configuration }: Asked): RuleProblem[] {
  const path = ['proxies', 'no_proxy'];
  const { http, https, no_proxy = [] } = configuration.proxies ?? {};
  if (no_proxy.length === 0 || http !== undefined || https !== undefined) return [];
  const message = 'has no effect without proxies.http or proxies.https';
  return [{ paths: [path, ['proxies', 'http'], ['proxies', 'https']], severity: 'warning', message }];
}

function morePodsThanAddresses({ configuration }: Asked): RuleProblem[] {
  const maxPods = configuration.kubernetes?.kubelet?.config?.maxPods ?? 0;
  if (maxPods <= ADDRESSES_PER_NODE) return [];
  const message = `${maxPods} pods on a node are more than the ${ADDRESSES_PER_NODE} addresses of its /24`;
  return [warning(['kubernetes', 'kubelet', 'config', 'maxPods'], message)];
}

function userWithoutSudo({ configuration }: Asked): RuleProblem[] {
  const { user, sudo } = configuration.ssh ?? {};
  if (user === undefined || user === 'root' || sudo) return [];
  const message = 'another user than root needs ssh.sudo, unless it has all rights of root';
  return [
    {
      paths: [
        ['ssh', 'user'],
        ['ssh', 'sudo'],
      ],
      severity: 'warning',
      message,
    },
  ];
}

/** Nobody is to rely on backups that nothing makes. */
function noBackupsYet(asked: Asked): RuleProblem[] {
  const path = ['backup', 'recipientFile'];
  const message =
    'has no effect yet: this release makes no backups, so make your own of etcd and of /etc/kubernetes/pki';
  return isGiven(asked, path) ? [warning(path, message)] : [];
}
