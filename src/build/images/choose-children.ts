import type { Descriptor } from '../../registry/manifest-document.ts';
import type { ImageDocument } from './read-document.ts';

/** A child of an index that the disc carries. */
export interface ChosenChild {
  readonly descriptor: Descriptor;
  /** `linux/amd64` or `linux/arm64/v8`; undefined where the index says none, or what belongs to none. */
  readonly platform?: string;
}

/**
 * The children of an index that the disc carries for some platforms, in the order of the index, each digest once:
 * - those of a wanted platform with all their variants, as every node picks its own; `linux/arm/v7` wants that variant alone;
 * - those without a platform, since only their content can tell what they are for;
 * - attestations (BuildKit's `vnd.docker.reference.*`) of those that are carried.
 */
export function chooseChildren({ json, parts }: ImageDocument, platforms: readonly string[]): ChosenChild[] {
  const entries = (json as { readonly manifests?: readonly unknown[] }).manifests ?? [];
  const all = parts.children.map((descriptor, position) => ({ descriptor, platform: statedBy(entries[position]) }));
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
    const own = isAttestation(descriptor) ? undefined : platform;
    once.set(descriptor.digest, { descriptor, ...(own === undefined ? {} : { platform: own }) });
  }
  return [...once.values()];
}

/** Whether an image of a platform is one of those that a release wants by `os/architecture` or `os/architecture/variant`. */
export function isFor(wanted: string, platform: string): boolean {
  const [os, architecture, variant] = wanted.split('/');
  const [itsOs, itsArchitecture, itsVariant] = platform.split('/');
  if (os !== itsOs || architecture !== itsArchitecture) return false;
  return variant === undefined || normal(architecture, variant) === normal(architecture, itsVariant);
}

/** The platform that an entry of an index states; undefined where it states none. */
function statedBy(entry: unknown): string | undefined {
  const { platform } = objectOf(entry);
  return platform === undefined || platform === null ? undefined : (platformOf(platform) ?? NO_PLATFORM);
}

/** What a platform object or the configuration of an image says; undefined where it names none in the words that there are for it. */
export function platformOf(value: unknown): string | undefined {
  const { os, architecture, variant } = objectOf(value);
  const words = [os, architecture, ...(variant === undefined || variant === '' ? [] : [variant])];
  return words.every(isWord) ? words.join('/') : undefined;
}

/** BuildKit's word for attestations, here also for platforms that are none. */
const NO_PLATFORM = 'unknown/unknown';

function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(value);
}

const REFERENCE = 'vnd.docker.reference.digest';

function isAttestation({ annotations }: Descriptor): boolean {
  return (
    Object.hasOwn(annotations, 'vnd.docker.reference.type') &&
    annotations['vnd.docker.reference.type'] === 'attestation-manifest'
  );
}

/** The variants that say nothing: 64-bit ARM has no other than v8, and is mostly written without. */
function normal(architecture: string | undefined, variant: string | undefined): string {
  return variant === undefined || (architecture === 'arm64' && variant === 'v8') ? '' : variant;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
