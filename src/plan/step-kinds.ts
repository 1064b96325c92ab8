import type { ClusterObject } from '../kubernetes/objects/api-object.ts';
import type { NodeMarks } from '../kubernetes/objects/node-marks.ts';
import type {
  CertificateSpecification,
  EncryptionKeySpecification,
  KeyPairSpecification,
  KubeconfigSpecification,
} from '../kubernetes/pki/specification.ts';
import type { SaltPhase } from '../salt/phases.ts';
import type { SaltPillar } from '../salt/salt-pillar.ts';
import type { PlannedDirectory, PlannedFile } from './planned-file.ts';
import type { UndoAction } from './undo-kinds.ts';

/** All that a step can be. The engine has one handler for each; each reads the present first and changes only what differs. */
export type Action =
  | UndoAction
  | PlaceArchive
  | PlaceFiles
  | StartUnit
  | CheckArchive
  | CopyFromArchive
  | InstallPackages
  | RunSaltPhase
  | EnsureCertificate
  | EnsureKey
  | EnsureKubeconfig
  | EnsureEncryptionKey
  | ImportImages
  | WaitFor
  | ApplyObjects
  | PatchNode
  | CopyKubeconfig;

/** Copies an archive to where it stays: an image as one file, or a folder with what is in it. */
interface PlaceArchive {
  readonly kind: 'place-archive';
  readonly version: string;
  readonly source: string;
  readonly target: string;
  readonly form: 'image' | 'folder';
  /** Of the archive's `SHA256SUMS`. */
  readonly sumsSha256: string;
}

/** Writes files of the plan, parents of which are made where they lack. */
interface PlaceFiles {
  readonly kind: 'place-files';
  readonly directories: readonly PlannedDirectory[];
  readonly files: readonly PlannedFile[];
}

/** Has systemd read its units, and the unit enabled and active. */
interface StartUnit {
  readonly kind: 'start-unit';
  readonly unit: string;
}

/** Compares what can be read at a mount point with the archive's own, signed, list. */
interface CheckArchive {
  readonly kind: 'check-archive';
  readonly version: string;
  readonly path: string;
  readonly sumsSha256: string;
}

interface CopyFromArchive {
  readonly kind: 'copy-from-archive';
  readonly version: string;
  /** Each `source` is absolute, below the archive's mount point. */
  readonly files: readonly (PlannedFile & { readonly source: string })[];
}

/** Installs by dnf, from one repository alone. */
interface InstallPackages {
  readonly kind: 'install-packages';
  /** Id of the repository. */
  readonly repository: string;
  /** As dnf takes them: `salt-minion-0:3008.3-0.x86_64`. */
  readonly packages: readonly string[];
  /** Names of those that may have any version: what the host has stays. */
  readonly anyVersion: readonly string[];
  /** Up to the packages: those that lack are its last words. */
  readonly command: readonly string[];
}

interface RunSaltPhase {
  readonly kind: 'salt-phase';
  readonly phase: SaltPhase;
  readonly command: readonly string[];
  readonly directories: readonly PlannedDirectory[];
  /** Static pods stand last. */
  readonly files: readonly PlannedFile[];
  /** Systemd units that are enabled and active afterwards. */
  readonly units: readonly string[];
  /** What else is changed; only of `prepare`. */
  readonly system: SystemChanges | null;
}

export interface SystemChanges {
  readonly packages: SaltPillar['metalk8s']['packages'];
  readonly users: SaltPillar['metalk8s']['users'];
  readonly kernelModules: readonly string[];
  readonly kernelSettings: readonly { readonly name: string; readonly value: string }[];
  readonly swap: 'off';
}

interface EnsureCertificate {
  readonly kind: 'ensure-certificate';
  readonly specification: CertificateSpecification;
}

interface EnsureKey {
  readonly kind: 'ensure-key';
  readonly specification: KeyPairSpecification;
}

interface EnsureKubeconfig {
  readonly kind: 'ensure-kubeconfig';
  readonly specification: KubeconfigSpecification;
  /** Unit that is started anew when the file was changed; null: none. */
  readonly restarts: string | null;
}

interface EnsureEncryptionKey {
  readonly kind: 'ensure-encryption-key';
  readonly specification: EncryptionKeySpecification;
}

/** Brings images of an archive into containerd without a registry. */
interface ImportImages {
  readonly kind: 'import-images';
  /** An OCI image layout, absolute. */
  readonly layout: string;
  /** `reference`: what containerd is to know the image by. */
  readonly images: readonly { readonly reference: string; readonly digest: string }[];
}

interface WaitFor {
  readonly kind: 'wait-for';
  readonly condition: Condition;
  readonly deadlineSeconds: number;
}

/** What can be waited for. */
export type Condition =
  /**
   * A request to an address is answered with 200. `authority`: path of the certificate that the server is known by. `pods`: static pods of the host that it
   * takes, without the name of the node, which are told of when there is no answer.
   */
  | { readonly that: 'answers'; readonly url: string; readonly authority: string; readonly pods: readonly string[] }
  | { readonly that: 'file-exists'; readonly path: string }
  | { readonly that: 'node-registered'; readonly kubeconfig: string; readonly node: string }
  | { readonly that: 'node-ready'; readonly kubeconfig: string; readonly node: string }
  /** All pods of a namespace that are to run on the node are ready. */
  | { readonly that: 'pods-ready'; readonly kubeconfig: string; readonly namespace: string };

interface ApplyObjects {
  readonly kind: 'apply-objects';
  readonly kubeconfig: string;
  readonly fieldManager: string;
  readonly objects: readonly ClusterObject[];
}

/** What is written follows from the Node as it is then: see `nodePatch`. */
interface PatchNode {
  readonly kind: 'patch-node';
  readonly kubeconfig: string;
  readonly node: string;
  readonly marks: NodeMarks;
}

/** Gives somebody a copy, unless there is a file already: that may be for other clusters too. */
interface CopyKubeconfig {
  readonly kind: 'copy-kubeconfig';
  readonly source: string;
  readonly target: string;
  readonly user: string;
  readonly group: string;
}
