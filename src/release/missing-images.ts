import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { KubeadmImage } from '../kubernetes/kubeadm-images.ts';
import type { Catalogue, Digest, Repository } from '../registry/catalogue.ts';
import type { Lock, LockedImage } from './lock.ts';
import type { NamedImage } from './named-image.ts';

/** What is on the disc. */
export interface CarriedImages {
  readonly lock: Pick<Lock, 'images'>;
  readonly catalogue: Catalogue;
  /** Platforms that every image is wanted for, as far as it is an index: `linux/amd64`. */
  readonly platforms: readonly string[];
}

/** What is asked of it. */
export interface ImageNeeds {
  readonly named: readonly NamedImage[];
  readonly kubeadm: { readonly version: string; readonly images: readonly KubeadmImage[] };
}

const MOST_SHOWN = 20;

/**
 * Throws a `RELEASE_INVALID` that lists every image which is named and not on the disc by digest, with what names it: a tag has to be
 * pinned by the lock, and its manifest, and of an index one for each platform, to be in the catalogue.
 */
export function refuseMissingImages(needs: ImageNeeds, carried: CarriedImages): void {
  const problems = missingImages(needs, carried);
  if (problems.length === 0) return;
  const rest = problems.length - MOST_SHOWN;
  const shown = [...problems.slice(0, MOST_SHOWN), ...(rest > 0 ? [`and ${rest} more`] : [])];
  throw new MetalK8sError(
    'RELEASE_INVALID',
    ['Images that something needs are not on the disc:', ...shown].join('\n'),
    {
      hint: 'Add them to the release list, below the component that needs them, and build with --update-lock.',
    },
  );
}

/** One sentence for each image that is missing or incomplete. */
export function missingImages({ named, kubeadm }: ImageNeeds, carried: CarriedImages): string[] {
  const byReference = Map.groupBy(named, ({ reference }) => reference);
  const ofFiles = [...byReference].toSorted(byFirst).flatMap(([reference, needers]) => {
    const problem = problemOf(reference, carried);
    return problem === undefined ? [] : [`${reference} ${problem}; ${neededBy(needers)}`];
  });
  const needer = `kubeadm ${kubeadm.version} needs it`;
  const ofKubeadm = kubeadm.images.flatMap(({ repository, tag }) => {
    if (tag === undefined)
      return anyTag(repository, carried) ? [] : [`${repository} is not on the disc under any tag; ${needer}`];
    const problem = problemOf(`${repository}:${tag}`, carried);
    return problem === undefined ? [] : [`${repository}:${tag} ${problem}; ${needer}`];
  });
  return [...ofKubeadm, ...ofFiles];
}

/** What is wrong with an image, as the end of a sentence. */
function problemOf(reference: string, { lock, catalogue, platforms }: CarriedImages): string | undefined {
  const { path, tag, digest } = partsOf(reference);
  const repository = repositoryAt(catalogue, path);
  const named = digest ?? repository?.tags.find((each) => each.tag === tag)?.digest;
  if (named === undefined || !repository?.manifests.some((manifest) => manifest.digest === named)) {
    return 'is not on the disc';
  }
  const locked = lock.images.find((image) =>
    digest === undefined ? image.reference === reference : image.digest === digest,
  );
  if (digest === undefined && locked === undefined) return 'is pinned to no digest';
  if (locked !== undefined && locked.digest !== named) return `is pinned to ${locked.digest}, but ${named} on the disc`;
  return locked === undefined ? undefined : platformProblem(locked, { platforms, repository, digest: named });
}

interface Present {
  readonly platforms: readonly string[];
  readonly repository: Repository;
  readonly digest: Digest;
}

function platformProblem({ children }: LockedImage, { platforms, repository, digest }: Present): string | undefined {
  const present = new Set(repository.manifests.find((manifest) => manifest.digest === digest)?.children);
  if (children.length === 0) return undefined;
  const has = new Set(children.flatMap((child) => (present.has(child.digest) ? (child.platform ?? []) : [])));
  const lacking = platforms.filter(
    (platform) => ![...has].some((each) => each === platform || each.startsWith(`${platform}/`)),
  );
  return lacking.length === 0 ? undefined : `is not on the disc for ${lacking.join(', ')}`;
}

function anyTag(repository: string, { catalogue }: CarriedImages): boolean {
  return (repositoryAt(catalogue, repository)?.tags.length ?? 0) > 0;
}

function repositoryAt({ repositories }: Catalogue, path: string): Repository | undefined {
  return repositories.find(({ host, name }) => `${host}/${name}` === path);
}

function partsOf(reference: string): { readonly path: string; readonly tag?: string; readonly digest?: string } {
  const [path = '', digest] = reference.split('@', 2);
  if (digest !== undefined) return { path, digest };
  const colon = path.lastIndexOf(':');
  return { path: path.slice(0, colon), tag: path.slice(colon + 1) };
}

function neededBy(needers: readonly NamedImage[]): string {
  const [first, ...rest] = needers;
  const others = rest.length === 0 ? '' : `, and ${rest.length} more`;
  return first === undefined ? 'something needs it' : `${first.file} needs it (${first.by}${others})`;
}

function byFirst([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}
