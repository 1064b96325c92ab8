import { join } from 'node:path';
import type { FileSource } from '../../file-source.ts';
import { type ImageArchitecture, type ImageSource, NATIVE_ARCHITECTURE, PATH_VARIABLE } from '../image.ts';
import { accountFiles } from '../network-userland.ts';

/**
 * Tags that kubeadm of a Kubernetes minor version asks for: `kubeadm config images list`. Tests compare with the program.
 * The content is the same under every tag: what kubeadm of the newest minor version runs.
 */
const KUBEADM_TAGS: Readonly<Record<string, KubeadmTags>> = {
  '1.36': { coredns: 'v1.14.2', etcd: '3.6.8-0', pause: '3.10.2' },
  '1.35': { coredns: 'v1.13.1', etcd: '3.6.6-0', pause: '3.10.1' },
  '1.34': { coredns: 'v1.12.1', etcd: '3.6.5-0', pause: '3.10.1' },
};

/** A tag for each image that kubeadm runs besides Kubernetes itself. */
interface KubeadmTags {
  readonly coredns: string;
  readonly etcd: string;
  readonly pause: string;
}

/** Where the content of the images lies. */
export interface AddonDirectories {
  readonly coredns: string;
  readonly etcd: string;
  /** One directory for each processor of the index. */
  readonly pause: readonly { readonly architecture: ImageArchitecture; readonly directory: string }[];
}

/** CoreDNS, etcd and pause under the tags that some minor versions ask for, the newest first. */
export function kubeadmAddonImages(minors: readonly string[], directories: AddonDirectories): readonly ImageSource[] {
  const tags = minors.map(kubeadmTags);
  const references = (name: string, tag: (tags: KubeadmTags) => string) =>
    [...new Set(tags.map((each) => `registry.k8s.io/${name}:${tag(each)}`))] as unknown as ImageSource['references'];
  return [
    { ...coredns(directories.coredns), references: references('coredns/coredns', (each) => each.coredns) },
    { ...etcd(directories.etcd), references: references('etcd', (each) => each.etcd) },
    { ...pause(directories.pause), references: references('pause', (each) => each.pause) },
  ];
}

/** Throws for a minor version that nobody has looked up yet, and says how to. */
function kubeadmTags(minor: string): KubeadmTags {
  const tags = KUBEADM_TAGS[minor];
  if (!tags) throw new Error(`KUBEADM_TAGS lacks Kubernetes ${minor}: add what its kubeadm config images list prints`);
  return tags;
}

type Untagged = Omit<ImageSource, 'references'>;

function coredns(directory: string): Untagged {
  const source = join(directory, 'coredns');
  const files: readonly FileSource[] = [
    ...accountFiles(['nonroot:65532']),
    { kind: 'file', path: '/coredns', source, mode: 0o755, bindsLowPorts: true },
  ];
  const config = {
    Entrypoint: ['/coredns'],
    Env: [PATH_VARIABLE],
    User: '65532:65532',
    WorkingDir: '/',
    ExposedPorts: { '53/tcp': {}, '53/udp': {} },
  };
  // Docker's media types: registries and runtimes must take both kinds.
  return {
    format: 'docker',
    indexed: false,
    variants: [{ architecture: NATIVE_ARCHITECTURE, config, layers: [{ files }] }],
  };
}

function etcd(directory: string): Untagged {
  const programs = ['etcd', 'etcdctl', 'etcdutl'].map(
    (name): FileSource => ({
      kind: 'file',
      path: `/usr/local/bin/${name}`,
      source: join(directory, name),
      mode: 0o755,
    }),
  );
  const files = [...accountFiles([]), ...programs];
  return {
    format: 'oci',
    indexed: false,
    variants: [{ architecture: NATIVE_ARCHITECTURE, config: { Env: [PATH_VARIABLE] }, layers: [{ files }] }],
  };
}

function pause(directories: AddonDirectories['pause']): Untagged {
  const variants = directories.map(({ architecture, directory }) => ({
    architecture,
    config: { Entrypoint: ['/pause'], Env: [PATH_VARIABLE], User: '65535:65535' },
    layers: [
      { files: [{ kind: 'file', path: '/pause', source: join(directory, 'pause'), mode: 0o755 } satisfies FileSource] },
    ],
  }));
  return { format: 'oci', indexed: true, variants: variants as unknown as ImageSource['variants'] };
}
