import { exactPackage } from '../packages/nevra.ts';
import type { CarriedPackage } from './archive-description.ts';
import type { Lock } from './lock.ts';
import type { ImageNeeds } from './missing-images.ts';
import type { Release } from './release.ts';

/** `sbom/closure.json` of a disc: why each thing is on it. Sorted, so that equal discs have equal bytes. */
export interface Closure {
  readonly version: string;
  readonly images: readonly (Reasons & { readonly reference: string; readonly digest: string })[];
  readonly packages: readonly (Reasons & {
    readonly platform: string;
    /** `kubelet-0:1.36.3-1.x86_64` */
    readonly name: string;
  })[];
  readonly files: readonly (Reasons & { readonly path: string; readonly url: string })[];
}

interface Reasons {
  /** The components of the release list that name it; empty for what only others need. */
  readonly components: readonly string[];
  /** What on the disc needs it: a file, and what in there; kubeadm; packages by their names. */
  readonly neededBy: readonly string[];
}

export interface ClosureInput {
  readonly release: Release;
  readonly lock: Lock;
  readonly needs: ImageNeeds;
  readonly packages: readonly (CarriedPackage & {
    /** Names of the packages that need it. */
    readonly neededBy: readonly string[];
  })[];
}

/** Why each image, package and upstream file is on the disc. */
export function closureOf({ release, lock, needs, packages }: ClosureInput): Closure {
  const chosen = release.components;
  return {
    version: release.version,
    images: lock.images
      .map(({ reference, digest }) => ({
        reference,
        digest,
        components: namesOf(chosen.filter(({ images }) => images.includes(reference))),
        neededBy: imageNeeders(reference, digest, needs),
      }))
      .sort((left, right) => compare(left.reference, right.reference)),
    packages: packages
      .map((each) => ({
        platform: each.platform,
        name: exactPackage(each),
        components: namesOf(chosen.filter((component) => asksFor(component, each.name, each.platform))),
        neededBy: sorted(each.neededBy),
      }))
      .sort((left, right) => compare(left.platform, right.platform) || compare(left.name, right.name)),
    files: chosen
      .flatMap(({ name, files }) => files.map(({ path, url }) => ({ path, url, components: [name], neededBy: [] })))
      .sort((left, right) => compare(left.path, right.path)),
  };
}

function imageNeeders(reference: string, digest: string, { named, kubeadm }: ImageNeeds): string[] {
  const [path = ''] = /^[^@]*(?=[:@][^/]*$)/.exec(reference) ?? [];
  const files = named
    .filter((image) => image.reference === reference || image.reference === `${path}@${digest}`)
    .map(({ file, by }) => `${file}: ${by}`);
  const asked = kubeadm.images.some(({ repository, tag }) =>
    tag === undefined ? repository === path : `${repository}:${tag}` === reference,
  );
  return sorted([...files, ...(asked ? [`kubeadm ${kubeadm.version}`] : [])]);
}

function asksFor({ packages }: Release['components'][number], wanted: string, platform: string): boolean {
  return packages.some(({ name, platforms }) => name === wanted && (platforms?.includes(platform) ?? true));
}

function namesOf(components: Release['components']): string[] {
  return sorted(components.map(({ name }) => name));
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort(compare);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
