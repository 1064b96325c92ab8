import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { hostPath } from './catalogue.ts';
import type { RegistryFile } from './nginx-configuration.ts';
import { tomlString } from './toml-string.ts';

/** How the nodes reach our registry. */
export interface RegistryClient {
  /** `https://ADDRESS:PORT` of each registry, in the order in which they are to be asked; at least one. */
  readonly endpoints: readonly string[];
  /** Absolute path, on the node, of the CA's certificate. The system's own CAs alone without. */
  readonly ca?: string;
}

/** With others to turn to, a dead registry should not cost thirty seconds, containerd's default, for every blob. */
const DIAL_TIMEOUT = '3s';

/**
 * containerd's `hosts.toml` for each registry host, by its path below `certs.d`. Everything that the host's name stands for is asked of our
 * registry, and of nothing else: containerd turns to the host itself only where a file names no `server`.
 * Throws a `CONFIG_INVALID` without an endpoint and for one that is more than scheme, address and port: containerd would ignore a
 * file that it cannot read, and go to the Internet.
 */
export function hostsFiles(hosts: Iterable<string>, client: RegistryClient): readonly RegistryFile[] {
  return [...new Set(hosts)]
    .sort()
    .map((host) => ({ path: `${directoryOf(host)}/hosts.toml`, content: hostsToml(host, client) }));
}

function hostsToml(host: string, { endpoints, ca }: RegistryClient): string {
  const last = endpoints.at(-1);
  if (last === undefined)
    throw new MetalK8sError('CONFIG_INVALID', `There is no registry that could stand in for ${host}`);
  const several = endpoints.length > 1;
  const settings = (endpoint: string) => [
    'capabilities = ["pull", "resolve"]',
    'override_path = true',
    ...(ca === undefined || endpoint.startsWith('http:') ? [] : [`ca = ${tomlString(ca)}`]),
    ...(several ? [`dial_timeout = ${tomlString(DIAL_TIMEOUT)}`] : []),
  ];
  const server = [`server = ${tomlString(urlOf(host, last))}`, ...settings(last)];
  const others = endpoints
    .slice(0, -1)
    .map((endpoint) => ['', `[host.${tomlString(urlOf(host, endpoint))}]`, ...settings(endpoint)]);
  return `${[...server, ...others.flat()].join('\n')}\n`;
}

/** With `override_path`, containerd puts `/<name>/manifests/…` right after it. */
function urlOf(host: string, endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.origin !== endpoint) {
    throw new MetalK8sError('CONFIG_INVALID', `${JSON.stringify(endpoint)} is no address of a registry`, {
      hint: 'Write https://ADDRESS:PORT.',
    });
  }
  return `${endpoint}/v2/${hostPath(host)}`;
}

/** How containerd spells a host with a port in a file name. */
function directoryOf(host: string): string {
  return host.replace(/:(\d+)$/, '_$1_');
}
