/** `sha256:` and 64 lower-case hexadecimal digits. */
export type Digest = string;

/** The images of one archive: what its registry serves. Plain data, kept in `release.json` as it is. */
export interface Catalogue {
  readonly repositories: readonly Repository[];
}

/** One upstream repository. Nothing of it can be had under the name of another, even where digests are equal. */
export interface Repository {
  /** The upstream registry as references spell it: `registry.k8s.io`, `docker.io`, `registry.example.com:5000`. */
  readonly host: string;
  /** The name below it: `coredns/coredns`. */
  readonly name: string;
  readonly tags: readonly Tag[];
  readonly manifests: readonly Manifest[];
  /** Configurations, layers and other blobs. */
  readonly blobs: readonly Digest[];
}

interface Tag {
  readonly tag: string;
  readonly digest: Digest;
}

export interface Manifest {
  readonly digest: Digest;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** Of an index: the children that are on the disc. It may name others. */
  readonly children?: readonly Digest[];
  /** The manifest that this one says something about; it need not be on the disc. */
  readonly subject?: Digest;
  /** What kind of artifact it is: its own word, else the type of its configuration. */
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The path of a repository below `/v2/`. A port follows an underscore, which no host name has, as `:` is in no repository name. */
export function repositoryPath({ host, name }: Pick<Repository, 'host' | 'name'>): string {
  return `${hostPath(host)}/${name}`;
}

/** The first part of that path. */
export function hostPath(host: string): string {
  return host.replace(':', '_');
}
