import { parse } from 'yaml';
import { isList, isRecord } from '../values/is-record.ts';

/** What the current context of a kubeconfig says; texts are PEM. */
export interface KubeconfigContent {
  readonly user: string;
  readonly server: string | undefined;
  readonly authority: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  /** The file that holds certificate and key, when it names one for both. */
  readonly clientFile: string | undefined;
}

/** Reads a kubeconfig; undefined when the text is none, or has no current context. */
export function readKubeconfig(text: string): KubeconfigContent | undefined {
  const document = parseYaml(text);
  if (!isRecord(document) || document.kind !== 'Config') return;
  const context = named(document.contexts, document['current-context'], 'context');
  const cluster = context && named(document.clusters, context.cluster, 'cluster');
  const user = context && named(document.users, context.user, 'user');
  if (!context || !cluster || !user) return;
  const file = asText(user['client-certificate']);
  return {
    user: asText(context.user) ?? '',
    server: asText(cluster.server),
    authority: decode(cluster['certificate-authority-data']),
    certificate: decode(user['client-certificate-data']),
    key: decode(user['client-key-data']),
    clientFile: file === user['client-key'] ? file : undefined,
  };
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { logLevel: 'error' });
  } catch {
    return undefined;
  }
}

function named(list: unknown, name: unknown, member: string): Readonly<Record<string, unknown>> | undefined {
  const entries = isList(list) ? list.filter(isRecord) : [];
  const found = entries.find((entry) => entry.name === name)?.[member];
  return isRecord(found) ? found : undefined;
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function decode(value: unknown): string | undefined {
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString() : undefined;
}
