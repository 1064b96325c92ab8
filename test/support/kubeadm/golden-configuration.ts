import { parse } from 'yaml';
import type { PkiDescription } from './describe-pki.ts';
import type { Entries } from './entries.ts';
import { GOLDEN, readGolden } from './golden-files.ts';
import type { KubernetesObject } from './normalise.ts';
import { oracleVersion } from './versions.ts';

/** What kubeadm of one minor did for one configuration. */
export interface GoldenConfiguration {
  readonly hosts: readonly GoldenHost[];
  /** Throws when the configuration has no host of that name. */
  host(name: string): GoldenHost;
  /** Objects as a real API holds them, defaults and all; only `single-real-api` has any. */
  readonly held: readonly KubernetesObject[];
}

interface GoldenHost {
  readonly name: string;
  /** kubeadm's command line, and the file given to it as `--config`. */
  readonly command: string;
  readonly config: string;
  /** Every path that kubeadm made, with type, octal mode and numeric owner. */
  readonly files: ReadonlyMap<string, GoldenFile>;
  readonly pki: PkiDescription;
  /** A file as kubeadm left it. Throws when it wrote none there, or one that holds only a certificate or key. */
  text(path: string): string;
  /** The same file, parsed as YAML. */
  yaml(path: string): unknown;
  /** A file as it was when kubeadm first started the kubelet; the same as `text` when it was not touched later. */
  textAtKubeletStart(path: string): string;
  /** Objects that kubeadm created or replaced, as sent. */
  readonly sent: readonly KubernetesObject[];
  /** Patches in the order sent. */
  readonly patches: readonly { readonly request: string; readonly contentType: string; readonly body: unknown }[];
  readonly requests: readonly GoldenRequest[];
}

interface GoldenFile {
  readonly type: string;
  readonly mode: string;
  readonly owner: string;
}

interface GoldenRequest {
  /** Method and path. */
  readonly request: string;
  readonly user: string;
  readonly status: number;
  readonly contentType?: string;
  /** Path of the body below the host's folder, when the request was granted. */
  readonly body?: string;
}

/** Reads golden data: `goldenConfiguration('1.36', 'ha-endpoint')`. Throws when there is none of that version or name. */
export async function goldenConfiguration(version: string, name: string): Promise<GoldenConfiguration> {
  const entries = await readGolden({ root: GOLDEN, minor: oracleVersion(version).minor, configuration: name });
  const names = [...new Set([...entries.keys()].map((path) => path.split('/')[0] ?? ''))].filter(
    (part) => part !== 'held',
  );
  const hosts = names.map((host) => goldenHost(host, below(entries, `${host}/`)));
  return {
    hosts,
    host(wanted) {
      const found = hosts.find((host) => host.name === wanted);
      if (found === undefined)
        throw new Error(`golden data ${version} ${name} has no host ${wanted}: it has ${names.join(', ')}`);
      return found;
    },
    held: objects(below(entries, 'held/')),
  };
}

function goldenHost(name: string, entries: Entries): GoldenHost {
  const requests = entries.has('requests.yaml') ? (parse(text(name, entries, 'requests.yaml')) as GoldenRequest[]) : [];
  const files = Object.entries(parse(text(name, entries, 'files.yaml')) as Record<string, string>);
  const sent = [...below(entries, 'sent/')].filter(([path]) => !path.startsWith('patch-'));
  return {
    name,
    command: text(name, entries, 'input/command.txt').trim(),
    config: text(name, entries, 'input/root/kubeadm.yaml'),
    files: new Map(files.map(([path, words]) => [path, goldenFile(words)])),
    pki: parse(text(name, entries, 'pki.yaml')) as PkiDescription,
    text: (path) => text(name, entries, `root${path}`),
    yaml: (path) => parse(text(name, entries, `root${path}`)),
    textAtKubeletStart: (path) => entries.get(`at-kubelet-start${path}`) ?? text(name, entries, `root${path}`),
    sent: objects(new Map(sent)),
    patches: requests.flatMap(({ request, contentType = '', body = '' }) =>
      request.startsWith('PATCH ') ? [{ request, contentType, body: parse(text(name, entries, body)) as unknown }] : [],
    ),
    requests,
  };
}

function text(host: string, entries: Entries, path: string): string {
  const found = entries.get(path);
  if (found === undefined) throw new Error(`golden data of host ${host} has no text ${path}`);
  return found;
}

function goldenFile(words: string): GoldenFile {
  const [type = '', mode = '', owner = ''] = words.split(' ');
  return { type, mode, owner };
}

function objects(entries: Entries): KubernetesObject[] {
  return [...entries.values()].map((value) => parse(value) as KubernetesObject);
}

function below(entries: Entries, folder: string): Entries {
  return new Map(
    [...entries].filter(([path]) => path.startsWith(folder)).map(([path, value]) => [path.slice(folder.length), value]),
  );
}
