import { relative } from 'node:path';
import type { TestRelease } from '../release/release.ts';
import type { DiscContent } from './disc-content.ts';

/** What a test of a cluster takes from a release besides what nodes are installed from. */
export interface ClusterContent extends DiscContent {
  /** Kubernetes version, without `v`. */
  readonly kubernetes: string;
  /** An image with a shell, wget, nslookup and httpd. */
  readonly toolsImage: string;
  /** Path, on this machine, of upstream's `calico-vxlan.yaml`. */
  readonly calicoManifest: string;
}

/** Finds in a release what nodes and clusters are made from. Throws when something is not in it. */
export function discContent(release: TestRelease): ClusterContent {
  const inside = (path: string) => relative(release.directory, path);
  const [kubernetes] = release.versions.kubernetes;
  return {
    kubernetes: present(kubernetes, 'Kubernetes'),
    repositories: release.repositories.map(({ id, directory }) => ({ id, directory: inside(directory) })),
    publicKey: inside(release.key.armoured),
    imageArchive: inside(release.archive),
    pauseImage: imageNamed(release, 'registry.k8s.io/pause:'),
    toolsImage: imageNamed(release, 'docker.io/library/busybox:'),
    calicoManifest: present(
      release.files.find(({ upstream }) => upstream.endsWith('/calico-vxlan.yaml')),
      'calico-vxlan.yaml',
    ).path,
  };
}

/** The reference of the image of a release that begins so. Throws when there is none. */
export function imageNamed(release: TestRelease, prefix: string): string {
  return present(
    release.images.find(({ reference }) => reference.startsWith(prefix)),
    prefix,
  ).reference;
}

function present<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`the test release has no ${what}`);
  return value;
}
