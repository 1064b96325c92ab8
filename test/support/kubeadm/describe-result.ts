import { certificatesOf, describePki } from './describe-pki.ts';
import { type Entries, sortEntries } from './entries.ts';
import { type KubernetesObject, normaliseObject, normaliseText, type RunFacts } from './normalise.ts';
import { writtenByKubeadm } from './not-kubeadm.ts';
import type { FileRecord, HostRecord, RequestRecord, SandboxRequest, SandboxResult } from './sandbox/protocol.ts';
import { toCompactYaml, toYaml } from './to-yaml.ts';

/** Turns what was observed into golden data. Pure. */
export function describeResult(request: SandboxRequest, result: SandboxResult): Entries {
  const real = request.run.includes('kube-apiserver');
  const hosts = result.hosts.flatMap((host, index) => {
    const asked = request.hosts[index];
    const facts: RunFacts = { startedAt: host.startedAt, certificates: certificatesOf(host.files) };
    const input = Object.entries(asked?.files ?? {}).map(
      ([path, text]) => [`input${path}`, normaliseText(text, facts)] as const,
    );
    const parts = [
      ...input,
      ['input/command.txt', `kubeadm ${asked?.command.join(' ')}\n`] as const,
      ...describeFiles(host, facts),
      ...(real ? [] : describeRequests(host, facts)),
    ];
    return parts.map(([path, text]) => [`${host.name}/${path}`, text] as const);
  });
  return sortEntries([...hosts, ...describeHeld(result)]);
}

type Part = readonly [path: string, text: string];

function describeFiles(host: HostRecord, facts: RunFacts): Part[] {
  const files = host.files.filter((file) => writtenByKubeadm(host, file.path));
  const list = files.map(({ path, type, mode, owner }) => [path, `${type} ${mode} ${owner}`]);
  return [
    ['files.yaml', toYaml(Object.fromEntries(list))],
    ['pki.yaml', toCompactYaml(describePki([...files, ...host.atKubeletStart]))],
    ['service-calls.yaml', toYaml(host.serviceCalls)],
    ...texts(files, 'root', facts),
    ...texts(host.atKubeletStart, 'at-kubelet-start', facts),
  ];
}

/** Files as they are; certificates and keys are in pki.yaml. */
function texts(files: readonly FileRecord[], folder: string, facts: RunFacts): Part[] {
  return files
    .filter(({ type, path }) => type === 'file' && !/\.(?:crt|key|pub|pem)$/.test(path))
    .map(({ path, content }) => [`${folder}${path}`, normaliseText(content ?? '', facts)]);
}

/** Each body is a file of its own; an object that is written twice is stored as written last. */
function describeRequests(host: HostRecord, facts: RunFacts): Part[] {
  const bodies = new Map<string, string>();
  const list = host.requests.map((request) => {
    const { method, path, user, status, contentType } = request;
    const name = bodyName(request, bodies);
    const body = normaliseObject(request.body as KubernetesObject, facts);
    if (status < 300) bodies.set(name, toYaml(body));
    const sent = status < 300 && { body: name };
    return {
      request: `${method} ${normaliseText(path, facts)}`,
      ...(method === 'PATCH' && { contentType }),
      user,
      status,
      ...sent,
    };
  });
  return [['requests.yaml', toCompactYaml(list)], ...bodies];
}

function bodyName({ method, path, body }: RequestRecord, taken: ReadonlyMap<string, string>): string {
  if (method !== 'PATCH') return `sent/${objectName(body as KubernetesObject)}.yaml`;
  const target = path.split('/').slice(-2).join('.');
  for (let number = 1; ; number++) {
    const name = `sent/patch-${number}.${target}.yaml`;
    if (!taken.has(name)) return name;
  }
}

/** Objects that are kubeadm's by their field managers. One without any field of its own (a ServiceAccount) has no manager. */
function describeHeld(result: SandboxResult): Part[] {
  const first = result.hosts[0];
  if (first === undefined) return [];
  const facts: RunFacts = { startedAt: first.startedAt, certificates: certificatesOf(first.files) };
  const objects = (Object.values(result.held) as KubernetesObject[]).filter(({ metadata }) => {
    const managers = (metadata.managedFields ?? []) as { manager: string }[];
    return managers.length === 0 || managers.some(({ manager }) => manager === 'kubeadm');
  });
  return objects.map((object) => [`held/${objectName(object)}.yaml`, toYaml(normaliseObject(object, facts))]);
}

function objectName({ kind, metadata }: KubernetesObject): string {
  const name = [kind, metadata.namespace, metadata.name].filter(Boolean).join('.').replaceAll(':', '_');
  return name
    .replace(/bootstrap-token-abcdef$/, 'bootstrap-token')
    .replace(/bootstrap-token-[a-z0-9]{6}$/, 'bootstrap-token-random');
}
