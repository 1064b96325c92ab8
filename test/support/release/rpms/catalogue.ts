import { NATIVE_ARCHITECTURE } from './package.ts';
import { containerdIo } from './packages/containerd.ts';
import { criTools } from './packages/cri-tools.ts';
import { distributionPackages } from './packages/distribution.ts';
import { kubernetesPackages } from './packages/kubernetes.ts';
import { kubernetesCni } from './packages/kubernetes-cni.ts';
import { saltPackages } from './packages/salt.ts';
import type { RepositoryContent } from './repository.ts';

/** Versions of components, and the directories with the programs that packages are made of. */
export interface PackageSources {
  readonly kubernetes: readonly { readonly version: string; readonly kubeadm: string; readonly node: string }[];
  readonly cniPlugins: Component;
  readonly criTools: Component;
  readonly containerd: Component;
  readonly salt: Component;
  /** Unpacked Debian packages. */
  readonly debian: string;
  /** Others, of programs that no image has. */
  readonly debianTools: string;
}

interface Component {
  readonly version: string;
  readonly directory: string;
}

/** The RPM repositories of a release. Kubernetes has one for each minor version, as upstream has. */
export function rpmRepositories(sources: PackageSources): readonly RepositoryContent[] {
  const minors = [...new Set(sources.kubernetes.map(({ version }) => minorOf(version)))];
  return [
    ...minors.map(
      (minor): RepositoryContent => ({
        id: `kubernetes-${minor}`,
        upstream: `https://pkgs.k8s.io/core:/stable:/v${minor}/rpm/`,
        folderOf: (rpm) => rpm.architecture,
        packages: [
          ...sources.kubernetes
            .filter(({ version }) => minorOf(version) === minor)
            .flatMap((programs) => kubernetesPackages(programs.version, programs)),
          criTools(sources.criTools.version, sources.criTools.directory),
          kubernetesCni(sources.cniPlugins.version, sources.cniPlugins.directory),
        ],
      }),
    ),
    {
      id: 'docker-ce',
      upstream: `https://download.docker.com/linux/rhel/9/${NATIVE_ARCHITECTURE}/stable/`,
      folderOf: () => 'Packages',
      packages: [
        containerdIo(sources.containerd.version, {
          containerd: sources.containerd.directory,
          debian: sources.debian,
        }),
      ],
    },
    {
      id: 'salt',
      upstream: 'https://packages.broadcom.com/artifactory/saltproject-rpm/',
      folderOf: () => '',
      packages: saltPackages(sources.salt.version, sources.salt.directory),
    },
    {
      id: 'distribution',
      upstream: `https://dl.rockylinux.org/pub/rocky/9/BaseOS/${NATIVE_ARCHITECTURE}/os/`,
      folderOf: ({ name }) => `Packages/${name.slice(0, 1)}`,
      packages: distributionPackages(sources),
    },
  ];
}

/** `1.36` of `1.36.3`. */
function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
