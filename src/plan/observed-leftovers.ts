import type { Nevra } from '../packages/nevra.ts';

/** What is on a host of what bootstrap and the cluster made there. Plain data. */
export interface ObservedLeftovers {
  /** Name of the host, which is that of its node. */
  readonly hostname: string;
  /** Processes that a killed run of ours left at work, such as Salt and dnf: pid and command. */
  readonly processes: readonly string[];
  /** Units of ours that systemd knows: `kubelet.service`, `srv-metalk8s-136.0.0.mount`. */
  readonly units: readonly string[];
  /** How many processes pods and their shims have. */
  readonly podProcesses: number;
  /** How many containers the runtime knows, and images that it has for them; null: it does not answer. */
  readonly containers: { readonly known: number; readonly images: number } | null;
  /** Where something is mounted below the folders of containers and kubelet. */
  readonly mounts: readonly string[];
  /** Where /etc/fstab mounts something below folders of the cluster, ours, and those that others may share: whoever wrote it wants it back. */
  readonly ownersMounts: readonly string[];
  /** Interfaces, chains, sets and routes of the cluster's networks, in words. */
  readonly network: readonly string[];
  /** Packages that came from an archive of ours. */
  readonly packages: readonly Nevra[];
  /** Whether the package containerd.io is installed, wherever it came from. */
  readonly hasContainerd: boolean;
  /** Names of packages that dnf holds at one version. */
  readonly heldPackages: readonly string[];
  /** Public keys of the RPM database, as it names them: `gpg-pubkey-702d426d-350d275d`. */
  readonly rpmKeys: readonly string[];
  /** Fingerprints of the public keys of our archives. */
  readonly archiveKeys: readonly string[];
  /** Of the users that we made, those who are there. */
  readonly users: readonly string[];
  /** Kernel settings of ours, as they are. */
  readonly settings: Readonly<Record<string, string>>;
  /** Of all paths that may be ours, those that are there. */
  readonly paths: readonly string[];
  /** Whether the containers' cgroups are there. */
  readonly cgroups: boolean;
}
