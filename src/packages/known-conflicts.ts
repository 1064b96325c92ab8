/** A package of hosts that cannot stay beside one of ours. */
export interface KnownConflict {
  /** Ours. */
  readonly package: string;
  /** On the host. */
  readonly host: string;
  /** It stays beside ours unless this one is on the host as well. */
  readonly onlyWith?: string;
  readonly why: string;
  /** What the owner of the host can do, in sentences. */
  readonly remedy: string;
}

/**
 * What dnf would refuse on some hosts, or solve by a removal that nobody asked for; preflight looks for it. containerd.io brings a runc
 * of its own: it conflicts with the distribution's runc and containerd and obsoletes them (Docker's containerd-packaging, rpm/containerd.spec).
 * Podman and Buildah require one of the distribution's runtimes, runc or crun.
 */
export const knownConflicts: readonly KnownConflict[] = [
  {
    package: 'containerd.io',
    host: 'runc',
    why: 'containerd.io brings its own /usr/bin/runc and replaces the package runc',
    remedy: 'Run `dnf remove runc`.',
  },
  {
    package: 'containerd.io',
    host: 'containerd',
    why: 'containerd.io replaces the packages containerd and runc',
    remedy: 'Run `dnf remove containerd`.',
  },
  {
    package: 'containerd.io',
    host: 'podman',
    onlyWith: 'runc',
    why: 'Podman may require the package runc, which containerd.io replaces',
    remedy: 'Let it use crun: run `dnf install crun`, then `dnf remove runc`. Or run `dnf remove podman`.',
  },
  {
    package: 'containerd.io',
    host: 'buildah',
    onlyWith: 'runc',
    why: 'Buildah may require the package runc, which containerd.io replaces',
    remedy: 'Let it use crun: run `dnf install crun`, then `dnf remove runc`. Or run `dnf remove buildah`.',
  },
  {
    package: 'containerd.io',
    host: 'podman-docker',
    onlyWith: 'runc',
    why: 'it needs Podman, which may require the package runc that containerd.io replaces',
    remedy: 'Let Podman use crun: run `dnf install crun`, then `dnf remove runc`. Or run `dnf remove podman-docker`.',
  },
];
