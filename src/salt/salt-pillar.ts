import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { pkiSpecifications } from '../kubernetes/pki/pki-specifications.ts';
import type { FileSpecification, PkiSpecification } from '../kubernetes/pki/specification.ts';
import { repositoryId } from '../packages/render-repository-file.ts';
import type { HostState } from './host-state.ts';
import { KERNEL_SETTINGS_FILE, kernelModules, kernelSettings } from './kernel-settings.ts';
import { type PlacedFile, type PlacedPath, placedDirectory, placedFile, protectedPath } from './placed-file.ts';
import type { NodePackage, SaltNode } from './salt-node.ts';

/** What a node's formulas read, all of it below the key `metalk8s`. No content of any file is in it, and no secret. */
export interface SaltPillar {
  readonly metalk8s: {
    readonly archives: Pick<Placed, 'directories' | 'files'> & {
      readonly units: readonly { readonly name: string; readonly path: string }[];
    };
    readonly repository: Pick<Placed, 'files'>;
    readonly packages: {
      /** Id of the one repository that packages are taken from. */
      readonly repository: string;
      /** Names of packages that may have any version. */
      readonly installed: readonly string[];
      /** Packages that stay as they are when the host's owner updates the rest. */
      readonly held: readonly HeldPackage[];
    };
    readonly users: readonly { readonly name: string; readonly home: string }[];
    readonly kernel: Pick<Placed, 'files'> & { readonly modules: readonly string[] };
    readonly sysctl: Pick<Placed, 'files'> & {
      readonly path: string;
      readonly settings: readonly { readonly name: string; readonly value: string }[];
    };
    readonly networkManager: Pick<Placed, 'directories' | 'files'>;
    readonly containerd: Pick<Placed, 'directories' | 'files'>;
    readonly registries: Pick<Placed, 'directories' | 'files'>;
    readonly kubelet: Pick<Placed, 'directories' | 'files'>;
    /** Keys, certificates and kubeconfigs, which are made by others: where they are and how they are protected. */
    readonly secrets: readonly PlacedPath[];
    readonly registry: Pick<Placed, 'files' | 'manifests'>;
    readonly node: Placed;
  };
}

interface Placed {
  readonly directories: readonly PlacedPath[];
  readonly files: readonly PlacedFile[];
  readonly manifests: readonly PlacedFile[];
}

type HeldPackage = Required<NodePackage>;

/** The pillar of a node, for masterless runs and for those of a master alike. `state`: of the same node. */
export function saltPillar(salt: SaltNode, state: HostState): SaltPillar {
  const { node, packages } = salt;
  const { directories, files, manifests } = placer(state);
  return {
    metalk8s: {
      archives: {
        ...directories('archives'),
        ...files('archives'),
        units: state.archives.units.map(({ name, file: { path } }) => ({ name, path })),
      },
      repository: files('repository'),
      packages: {
        repository: installedFrom(salt),
        ...installedAndHeld(packages),
      },
      users: node.roles.includes('etcd') ? [{ name: 'etcd', home: node.cluster.etcdDataDirectory }] : [],
      kernel: { ...files('kernel'), modules: kernelModules },
      sysctl: { ...files('sysctl'), path: KERNEL_SETTINGS_FILE, settings: kernelSettings },
      networkManager: { ...directories('networkManager'), ...files('networkManager') },
      containerd: { ...directories('containerd'), ...files('containerd') },
      registries: { ...directories('registries'), ...files('registries') },
      kubelet: { ...directories('kubelet'), ...files('kubelet') },
      secrets: pkiSpecifications(node, node.cluster.secretsEncryption).flatMap(pathsOf).map(protectedPath),
      registry: { ...files('registry'), ...manifests('registry') },
      node: { ...directories('node'), ...files('node'), ...manifests('node') },
    },
  };
}

function placer(state: HostState) {
  return {
    directories: (key: keyof HostState) => ({ directories: state[key].directories.map(placedDirectory) }),
    files: (key: keyof HostState) => ({ files: state[key].files.map(placedFile) }),
    manifests: (key: keyof HostState) => ({ manifests: state[key].manifests.map(placedFile) }),
  };
}

/** The plugin of dnf that holds is there before anything is held. */
const VERSION_LOCK = 'python3-dnf-plugin-versionlock';

function installedAndHeld(packages: readonly NodePackage[]) {
  const held = packages.flatMap(({ name, version }) => (version === undefined ? [] : [{ name, version }]));
  const others = packages.filter(({ version }) => version === undefined).map(({ name }) => name);
  return { installed: [...new Set([...(held.length > 0 ? [VERSION_LOCK] : []), ...others])], held };
}

function installedFrom({ version, repositories }: SaltNode): string {
  if (repositories.some((each) => each.version === version)) return repositoryId(version);
  throw new MetalK8sError('INTERNAL', `No repository has the packages of version ${version}`);
}

function pathsOf(specification: PkiSpecification): readonly FileSpecification[] {
  switch (specification.kind) {
    case 'authority':
    case 'leaf':
      return [specification.certificate, ...(specification.key === undefined ? [] : [specification.key])];
    case 'key-pair':
      return [specification.privateKey, specification.publicKey];
    case 'kubeconfig':
    case 'encryption-key':
      return [specification.file];
  }
}
