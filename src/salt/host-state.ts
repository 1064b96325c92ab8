import { posix } from 'node:path';
import {
  CONTAINERD_DROP_INS,
  CONTAINERD_REGISTRIES,
  containerdFiles,
} from '../kubernetes/containerd/containerd-files.ts';
import { KUBELET_DIRECTORY, KUBELET_SERVICE_DROP_IN } from '../kubernetes/kubelet/kubelet-files.ts';
import type { NodeDirectory, NodeFile } from '../kubernetes/node-file.ts';
import { rootFile } from '../kubernetes/root-file.ts';
import { ARCHIVES_DIRECTORY, REGISTRY_CONFIGURATION, REGISTRY_MANIFEST } from '../kubernetes/static-pods/registry.ts';
import { renderRepositoryFile, repositoryFilePath } from '../packages/render-repository-file.ts';
import { hostsFiles } from '../registry/hosts-toml.ts';
import { type MountUnit, mountUnits } from './archive-mounts.ts';
import { kernelFiles } from './kernel-settings.ts';
import { networkManagerFiles } from './network-manager.ts';
import { nodeCommand } from './node-command.ts';
import type { SaltNode, SaltTemplates } from './salt-node.ts';

/** Files and folders, by the formula that brings them about. */
export interface HostState {
  readonly archives: Part & { readonly units: readonly MountUnit[] };
  readonly repository: Part;
  readonly kernel: Part;
  readonly sysctl: Part;
  readonly networkManager: Part;
  readonly containerd: Part;
  readonly registries: Part;
  readonly kubelet: Part;
  readonly registry: Part;
  readonly node: Part;
}

interface Part {
  /** Parents stand before what is in them. */
  readonly directories: readonly NodeDirectory[];
  readonly files: readonly NodeFile[];
  /** Static pods. */
  readonly manifests: readonly NodeFile[];
}

/** Everything that is placed on a node, in its final bytes. */
export function hostState(salt: SaltNode, templates: SaltTemplates): HostState {
  const { node, files, proxies } = salt;
  const units = mountUnits(salt.archives, templates.archiveMount);
  const command = nodeCommand(salt.archives, salt.version, templates.command);
  const kernel = kernelFiles();
  const containerd = containerdFiles({ sandboxImage: node.cluster.images.pause, proxies }, templates.containerd);
  const registries = hostsFiles(salt.registryHosts, salt.registry).map(({ path, content }) => ({
    ...rootFile(`${CONTAINERD_REGISTRIES}/${path}`, 0o644),
    content,
  }));
  const ofKubelet = files.files.filter(isOfKubelet);
  const ofRegistry = files.files.filter(({ path }) => path === REGISTRY_CONFIGURATION);
  const registryPods = files.manifests.filter(({ path }) => path === REGISTRY_MANIFEST);
  return {
    archives: {
      ...part({ directories: [folder(ARCHIVES_DIRECTORY)], files: [...units.map(({ file }) => file), ...command] }),
      units,
    },
    repository: part({ files: salt.repositories.map(repositoryFile) }),
    kernel: part({ files: [kernel.modules] }),
    sysctl: part({ files: [kernel.settings] }),
    networkManager: part(networkManagerFiles(salt.cni)),
    containerd: part({
      directories: [...foldersOf(containerd), folder(CONTAINERD_DROP_INS), folder(CONTAINERD_REGISTRIES)],
      files: containerd,
    }),
    registries: part({ directories: foldersOf(registries), files: registries }),
    kubelet: part({ directories: [folder(posix.dirname(KUBELET_SERVICE_DROP_IN))], files: ofKubelet }),
    registry: part({ files: ofRegistry, manifests: registryPods }),
    node: part({
      directories: files.directories,
      files: without(files.files, [...ofKubelet, ...ofRegistry]),
      manifests: without(files.manifests, registryPods),
    }),
  };
}

/** All files of a state. */
export function filesOf(state: HostState): readonly NodeFile[] {
  return Object.values(state).flatMap(({ files, manifests }: Part) => [...files, ...manifests]);
}

function repositoryFile(repository: SaltNode['repositories'][number]): NodeFile {
  return { ...rootFile(repositoryFilePath(repository.version), 0o644), content: renderRepositoryFile(repository) };
}

/** A change of these starts the kubelet anew. */
function isOfKubelet({ path }: NodeFile): boolean {
  return path.startsWith(`${KUBELET_DIRECTORY}/`) || path === KUBELET_SERVICE_DROP_IN;
}

function part({ directories = [], files = [], manifests = [] }: Partial<Part>): Part {
  return { directories, files, manifests };
}

function folder(path: string): NodeDirectory {
  return { path, mode: 0o755, user: 'root', group: 'root' };
}

function foldersOf(files: readonly NodeFile[]): readonly NodeDirectory[] {
  return [...new Set(files.map(({ path }) => posix.dirname(path)))].map(folder);
}

function without(files: readonly NodeFile[], others: readonly NodeFile[]): readonly NodeFile[] {
  return files.filter((file) => !others.includes(file));
}
