import { tomlString } from '../../registry/toml-string.ts';
import { fill, type Template } from '../../templates/fill.ts';
import { LOOPBACK, listeners } from '../listeners.ts';
import type { NodeFile } from '../node-file.ts';
import { rootFile } from '../root-file.ts';

const CONTAINERD_DIRECTORY = '/etc/containerd';
/** Where an administrator changes containerd's configuration, by files that end in `.toml`; containerd merges them over ours. */
export const CONTAINERD_DROP_INS = `${CONTAINERD_DIRECTORY}/conf.d`;
/** Where containerd looks up what stands in for a registry's host. */
export const CONTAINERD_REGISTRIES = `${CONTAINERD_DIRECTORY}/certs.d`;
const SERVICE_DROP_IN = '/etc/systemd/system/containerd.service.d/50-metalk8s.conf';

/** How containerd reaches registries that no disc carries images of. */
export interface Proxies {
  readonly http?: string;
  readonly https?: string;
  /** Hosts, domains, addresses and CIDRs. */
  readonly notProxied: readonly string[];
}

/** What containerd's own files depend on. */
export interface ContainerdSettings {
  /** Reference of the image of pods' sandboxes. */
  readonly sandboxImage: string;
  readonly proxies: Proxies;
}

/**
 * containerd's configuration, and a drop-in of its service with the proxies, which are empty where the configuration has none.
 * `template`: templates/containerd/config.toml.
 */
export function containerdFiles(
  { sandboxImage, proxies }: ContainerdSettings,
  template: Template,
): readonly NodeFile[] {
  const content = fill(template, {
    dropIns: `${CONTAINERD_DROP_INS}/*.toml`,
    registries: CONTAINERD_REGISTRIES,
    sandbox: tomlString(sandboxImage),
    streamAddress: LOOPBACK,
    streamPort: String(listeners.containerdStreams.port),
  });
  return [
    { ...rootFile(`${CONTAINERD_DIRECTORY}/config.toml`, 0o644), content },
    { ...rootFile(SERVICE_DROP_IN, 0o644), content: serviceDropIn(proxies) },
  ];
}

/** What systemd gives to all its services counts for nothing: images of our registry would be asked of the site's proxy. */
function serviceDropIn({ http = '', https = '', notProxied }: Proxies): string {
  const variables = {
    HTTP_PROXY: http,
    HTTPS_PROXY: https,
    // Read where the others are empty.
    http_proxy: '',
    https_proxy: '',
    NO_PROXY: notProxied.join(','),
  };
  const lines = Object.entries(variables).map(([name, value]) => `Environment="${name}=${escaped(value)}"`);
  return `${['# Written by metalk8s: changes here are undone.', '[Service]', ...lines].join('\n')}\n`;
}

/** `%` begins a specifier, see systemd.unit(5); in quotes, `\` and `"` mean something too. */
function escaped(value: string): string {
  return value.replaceAll('%', '%%').replace(/["\\]/g, '\\$&');
}
