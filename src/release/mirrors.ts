/** Where things are fetched from instead of upstream: what `--mirrors` names, valid, with absolute paths. Plain data. */
export interface Mirrors {
  readonly registries: readonly RegistryMirror[];
  readonly repositories: readonly RepositoryMirror[];
  readonly files: readonly FileMirror[];
}

/** `upstream` is a registry host, `docker.io`, or repositories below one, `docker.io/calico`. */
type RegistryMirror = { readonly upstream: string } & (
  | {
      /** A host, with repositories below it or not, that stands for `upstream`: `proxy.example.com/k8s`. */
      readonly registry: string;
      /** Speaks plain HTTP, or TLS with a certificate that nobody checks; loopback alone may. */
      readonly insecure?: true;
      /** File with the certificates that its own must come from, beside those of the system. */
      readonly ca?: string;
    }
  | {
      /** Directory of an OCI image layout whose index names images by their upstream references. */
      readonly layout: string;
    }
);

/** `upstream` is the address of a repository, or of a folder with repositories below it; it ends with a slash. */
type RepositoryMirror = {
  readonly upstream: string;
  /** Keys that take the place of those in the release list. */
  readonly keys?: readonly MirrorKey[];
  /** Takes the place of what the release list says. */
  readonly signedByUs?: boolean;
} & ({ readonly url: string } | { readonly directory: string });

/** `upstream` is the address of a file; or, with a slash at its end, of a folder, and then so is what stands for it. */
type FileMirror = { readonly upstream: string } & ({ readonly url: string } | { readonly path: string });

type MirrorKey = { readonly fingerprint: string } & ({ readonly url: string } | { readonly file: string });

/** Everything from upstream. */
export const noMirrors: Mirrors = { registries: [], repositories: [], files: [] };
