import type { FilePossession } from './possession.ts';

/** What takes away. Each does nothing where there is nothing, as on a host that was reset before. */
export type UndoAction =
  | EndProcesses
  | StopUnits
  | EndContainers
  | UnmountBelow
  | ClearNetwork
  | ReleaseHolds
  | RemovePackages
  | RemoveRpmKeys
  | RemoveUsers
  | RestoreSettings
  | RemoveCopy
  | RemovePaths
  | RestoreFiles
  | ReloadUnits;

/** Ends what a killed run left at work: Salt at once, dnf at the end of its transaction. */
interface EndProcesses {
  readonly kind: 'end-processes';
  readonly deadlineSeconds: number;
}

/** Has units inactive and not enabled. */
interface StopUnits {
  readonly kind: 'stop-units';
  readonly units: readonly string[];
}

/** Ends all containers of a namespace of containerd and their processes, and has it forget them; also where containerd does not answer. */
interface EndContainers {
  readonly kind: 'end-containers';
  readonly namespace: string;
  /** Whether containerd was there before: then what it keeps for the namespace is taken out of it, image by image. */
  readonly keepsRuntime: boolean;
  readonly deadlineSeconds: number;
}

/** Unmounts what is mounted below folders; not the folders themselves, which their owner may have on disks of their own. */
interface UnmountBelow {
  readonly kind: 'unmount-below';
  readonly paths: readonly string[];
}

/** Takes interfaces, rules of the packet filter, sets of addresses and routes of Kubernetes and Calico out of the kernel. */
interface ClearNetwork {
  readonly kind: 'clear-network';
}

/** Has dnf no longer hold packages at one version. */
interface ReleaseHolds {
  readonly kind: 'release-holds';
  readonly packages: readonly string[];
}

/** Removes packages, and nothing else: not what requires them, and not what nothing requires any more. */
interface RemovePackages {
  readonly kind: 'remove-packages';
  /** `NAME-EPOCH:VERSION-RELEASE.ARCH` */
  readonly packages: readonly string[];
}

interface RemoveRpmKeys {
  readonly kind: 'remove-rpm-keys';
  /** `gpg-pubkey-702d426d-350d275d` */
  readonly keys: readonly string[];
}

interface RemoveUsers {
  readonly kind: 'remove-users';
  readonly users: readonly string[];
}

interface RestoreSettings {
  readonly kind: 'restore-settings';
  readonly settings: readonly { readonly name: string; readonly value: string }[];
}

/** Removes a file that says the same as another. One that was changed is its owner's. */
interface RemoveCopy {
  readonly kind: 'remove-copy';
  readonly path: string;
  readonly source: string;
}

interface RemovePaths {
  readonly kind: 'remove-paths';
  /** Whatever is there, with all below it; of a folder that is a mount point or a link, what is in it. */
  readonly trees: readonly string[];
  /** Files and links; and folders where nothing else is in them. Those below stand before those above. */
  readonly ours: readonly string[];
}

/** Takes our files away, with what a killed Salt has left beside them, and puts back what was there before. What is not ours stays, and is told of. */
interface RestoreFiles {
  readonly kind: 'restore-files';
  readonly files: readonly Omit<FilePossession, 'what'>[];
}

/** Has systemd read its units anew, forget those that failed, and start some. */
interface ReloadUnits {
  readonly kind: 'reload-units';
  readonly starts: readonly string[];
  readonly restarts: readonly string[];
}
