import type { Descriptor } from '../../registry/manifest-document.ts';
import { isFor, platformStated } from '../../registry/platform.ts';
import type { ImageDocument } from './read-document.ts';

/** A child of an index that the disc carries. */
export interface ChosenChild {
  readonly descriptor: Descriptor;
  /** `linux/amd64` or `linux/arm64/v8`; undefined where the index says none, and for attestations. */
  readonly platform?: string;
  /** It says something about another child. */
  readonly attests?: true;
}

/**
 * The children of an index that the disc carries for some platforms, in the order of the index, each digest once:
 * - those of a wanted platform with all their variants, as every node picks its own; `linux/arm/v7` wants that variant alone;
 * - those without a platform, since only their content can tell what they are for;
 * - attestations (BuildKit's `vnd.docker.reference.*`) of those that are carried.
 */
export function chooseChildren({ json, parts }: ImageDocument, platforms: readonly string[]): ChosenChild[] {
  const entries = (json as { readonly manifests?: readonly unknown[] }).manifests ?? [];
  const all = parts.children.map((descriptor, position) => ({
    descriptor,
    platform: platformStated(entries[position]),
  }));
  const chosen = all.filter(
    ({ descriptor, platform }) =>
      !isAttestation(descriptor) && (platform === undefined || platforms.some((wanted) => isFor(wanted, platform))),
  );
  const digests = new Set(chosen.map(({ descriptor }) => descriptor.digest));
  const attestations = all.filter(
    ({ descriptor }) => isAttestation(descriptor) && digests.has(descriptor.annotations[REFERENCE] ?? ''),
  );
  const once = new Map<string, ChosenChild>();
  for (const { descriptor, platform } of [...chosen, ...attestations]) {
    if (once.has(descriptor.digest)) continue;
    const attests = isAttestation(descriptor);
    once.set(descriptor.digest, {
      descriptor,
      ...(attests || platform === undefined ? {} : { platform }),
      ...(attests ? { attests } : {}),
    });
  }
  return [...once.values()];
}

const REFERENCE = 'vnd.docker.reference.digest';

function isAttestation({ annotations }: Descriptor): boolean {
  return (
    Object.hasOwn(annotations, 'vnd.docker.reference.type') &&
    annotations['vnd.docker.reference.type'] === 'attestation-manifest'
  );
}
