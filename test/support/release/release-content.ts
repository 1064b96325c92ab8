import { join } from 'node:path';
import { execa } from 'execa';
import type { Report } from '../cache.ts';
import { binaries } from './binaries.ts';
import type { SingleComponent } from './component.ts';
import { debianTools, debianTree } from './debian-tree.ts';
import { BUSYBOX_VERSION, NGINX_VERSION } from './images/catalogue/tools.ts';
import { releaseImages } from './images/catalogue.ts';
import type { ImageSource } from './images/image.ts';
import { pausePrograms } from './images/pause-programs.ts';
import { recipeFor } from './recipes.ts';
import { rpmRepositories } from './rpms/catalogue.ts';
import type { RepositoryContent } from './rpms/repository.ts';

/** Version of everything in a release, as its own programs say it, without a leading `v`. */
export interface ReleaseVersions {
  readonly kubernetes: readonly string[];
  readonly calico: string;
  readonly cniPlugins: string;
  readonly containerd: string;
  readonly criTools: string;
  readonly coredns: string;
  readonly etcd: string;
  readonly pause: string;
  readonly salt: string;
  readonly nginx: string;
  readonly busybox: string;
}

/** Everything that a release is put together from, as data. */
export interface ReleaseContent {
  readonly versions: ReleaseVersions;
  readonly repositories: readonly RepositoryContent[];
  readonly images: readonly ImageSource[];
  /** Files that upstream publishes at an address, and where they lie here. */
  readonly files: readonly { readonly upstream: string; readonly source: string }[];
}

/** Builds the programs that a release of some Kubernetes versions needs, and says what goes where. */
export async function releaseContent(kubernetes: readonly string[], report: Report): Promise<ReleaseContent> {
  const single = (name: SingleComponent) => binaries({ name }, report);
  const [debian, tools, calico, cniPlugins, containerd, criTools, coredns, etcd, salt, pause, ofKubernetes] =
    await Promise.all([
      debianTree(report),
      debianTools(report),
      single('calico'),
      single('cni-plugins'),
      single('containerd'),
      single('cri-tools'),
      single('coredns'),
      single('etcd'),
      single('salt'),
      pausePrograms(report),
      Promise.all(kubernetes.map((version) => kubernetesDirectories(version, report))),
    ]);
  const versions = releaseVersions(kubernetes);
  return {
    versions,
    repositories: rpmRepositories({
      kubernetes: ofKubernetes,
      cniPlugins: { version: versions.cniPlugins, directory: cniPlugins },
      containerd: { version: versions.containerd, directory: containerd },
      criTools: { version: versions.criTools, directory: criTools },
      salt: { version: versions.salt, directory: salt },
      debian,
      debianTools: tools,
    }),
    images: releaseImages({
      kubernetes: ofKubernetes,
      addons: { coredns, etcd, pause },
      calico: { version: versions.calico, calico, cniPlugins, debian },
      busybox: { debian, applets: await busyboxApplets(debian) },
      debian,
    }),
    files: calicoManifests(versions.calico, calico),
  };
}

function releaseVersions(kubernetes: readonly string[]): ReleaseVersions {
  const version = (name: SingleComponent) => recipeFor({ name }).version;
  return {
    kubernetes,
    calico: version('calico'),
    cniPlugins: version('cni-plugins'),
    containerd: version('containerd'),
    criTools: version('cri-tools'),
    coredns: version('coredns'),
    etcd: version('etcd'),
    pause: version('pause'),
    salt: version('salt'),
    nginx: NGINX_VERSION,
    busybox: BUSYBOX_VERSION,
  };
}

async function kubernetesDirectories(version: string, report: Report) {
  const [kubeadm, node, controlPlane] = await Promise.all([
    binaries({ name: 'kubeadm', version }, report),
    binaries({ name: 'kubernetes-node', version }, report),
    binaries({ name: 'kubernetes-control-plane', version }, report),
  ]);
  return { version, kubeadm, node, controlPlane };
}

/** The manifests for clusters that need no other image than a release has; the first networks by BGP and IPIP unless it is told otherwise. */
function calicoManifests(version: string, calico: string): ReleaseContent['files'] {
  return ['calico.yaml', 'calico-vxlan.yaml', 'crds.yaml'].map((name) => ({
    upstream: `https://raw.githubusercontent.com/projectcalico/calico/v${version}/manifests/${name}`,
    source: join(calico, 'manifests', name),
  }));
}

async function busyboxApplets(debian: string): Promise<readonly string[]> {
  const { stdout } = await execa(join(debian, 'bin/busybox'), ['--list']);
  return stdout.split('\n').filter(Boolean);
}
