import { directive, joined, type NginxText, word } from '../../registry/nginx-text.ts';
import { fill, type Template } from '../../templates/fill.ts';
import type { ClusterNode } from '../cluster-node.ts';
import { LOOPBACK, listeners } from '../listeners.ts';
import { digestOfFiles, type NodeFile } from '../node-file.ts';
import { rootFile } from '../root-file.ts';
import { nginxPod } from './nginx-pod.ts';
import type { Pod } from './pod.ts';

const APISERVER_PROXY_CONFIGURATION = '/etc/kubernetes/apiserver-proxy.conf';

const STATE = '/run/apiserver-proxy';
/** A user that no host has, and that owns nothing. */
const NOBODY = 65_532;

/** What decides on where it leads. */
type ProxyNode = Pick<ClusterNode, 'roles' | 'advertiseAddress' | 'cluster'>;

/**
 * What apiserver-proxy reads. It passes connections on as they are, so what is asked is still between client and apiserver. On a
 * control plane its own apiserver comes first, and others only while that is away; elsewhere each connection goes to any of them.
 * `template`: templates/nginx/apiserver-proxy.conf.
 */
export function apiserverProxyConfiguration(node: ProxyNode, template: Template): NodeFile {
  const at = (port: number) => word(`${LOOPBACK}:${port}`);
  const content = fill(template, {
    listen: at(listeners.apiserverProxy.port),
    health: at(listeners.apiserverProxyHealth.port),
    servers: joined(servers(node)),
    state: word(STATE),
  });
  return { ...rootFile(APISERVER_PROXY_CONFIGURATION, 0o644), content };
}

/** The static pod of apiserver-proxy, with what it reads. */
export function apiserverProxyPod({ cluster }: Pick<ClusterNode, 'cluster'>, configuration: NodeFile): Pod {
  return nginxPod({
    name: 'apiserver-proxy',
    image: cluster.images.nginx,
    configuration: configuration.path,
    digest: digestOfFiles([configuration]),
    state: STATE,
    volumes: [{ name: 'configuration', path: configuration.path, type: 'File', readOnly: true }],
    port: listeners.apiserverProxyHealth.port,
    health: { host: LOOPBACK, path: '/healthz', scheme: 'HTTP' },
    requests: { cpu: '10m', memory: '16Mi' },
    capabilities: [],
    user: NOBODY,
  });
}

function servers({ roles, advertiseAddress, cluster }: ProxyNode): readonly NginxText[] {
  const server = (address: string, ...more: string[]) =>
    directive(word('server'), word(`${address}:${listeners.apiserver.port}`), ...more.map(word));
  const sorted = [...new Set(cluster.controlPlaneAddresses)].sort();
  if (!roles.includes('control-plane')) return [directive(word('random')), ...sorted.map((address) => server(address))];
  const others = sorted.filter((address) => address !== advertiseAddress);
  return [server(advertiseAddress), ...others.map((address) => server(address, 'backup'))];
}
