/** A package of hosts that cannot stay beside one of ours. */
export interface KnownConflict {
  /** Ours. */
  readonly package: string;
  /** On the host. */
  readonly host: string;
  readonly why: string;
  /** What the owner of the host can do. */
  readonly remedy: string;
}

/**
 * What dnf would refuse on some hosts, or solve by a removal that nobody asked for; preflight looks for it. containerd.io brings a runc
 * of its own: it conflicts with the distribution's runc and containerd and obsoletes them (Docker's containerd-packaging, rpm/containerd.spec).
 * Podman, Buildah and Skopeo's runtime packages require one of the distribution's runtimes.
 */
export const knownConflicts: readonly KnownConflict[] = [
  {
    package: 'containerd.io',
    host: 'runc',
    why: 'containerd.io brings its own /usr/bin/runc and replaces the package runc',
    remedy: 'dnf remove runc',
  },
  {
    package: 'containerd.io',
    host: 'containerd',
    why: 'containerd.io replaces the packages containerd and runc',
    remedy: 'dnf remove containerd',
  },
  {
    package: 'containerd.io',
    host: 'podman',
    why: 'Podman may require the package runc, which containerd.io replaces',
    remedy: 'dnf remove podman, or let it use crun: dnf install crun, then dnf remove runc',
  },
  {
    package: 'containerd.io',
    host: 'buildah',
    why: 'Buildah may require the package runc, which containerd.io replaces',
    remedy: 'dnf remove buildah, or let it use crun: dnf install crun, then dnf remove runc',
  },
  {
    package: 'containerd.io',
    host: 'podman-docker',
    why: 'it needs Podman, which may require the package runc that containerd.io replaces',
    remedy: 'dnf remove podman-docker',
  },
];
