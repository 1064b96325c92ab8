import type { Digest } from '../../registry/catalogue.ts';
import { parseReference, type Reference } from '../../registry/reference.ts';

/** The name of a package across ecosystems, as the package-url specification (ECMA-427) writes it. */
export type Purl = string;

type Qualifiers = Readonly<Record<string, string | undefined>>;

/** An image, or one platform's part of it: `arch` is that of the platform. */
export function imagePurl(reference: string, digest: Digest, arch?: string): Purl {
  const { host, name, tag }: Reference = parseReference(reference, 'the lock');
  const short = name.slice(name.lastIndexOf('/') + 1);
  return purl('oci', [short], digest, { arch, repository_url: `${host}/${name}`, tag });
}

export interface RpmIdentity {
  readonly name: string;
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  /** `el9/x86_64` */
  readonly platform: string;
  /** File name of the source package, or empty. */
  readonly sourceRpm?: string;
}

/** An RPM of one platform. */
export function rpmPurl({ name, epoch, version, release, arch, platform, sourceRpm }: RpmIdentity): Purl {
  return purl('rpm', [name], `${version}-${release}`, {
    arch,
    distro: platform.split('/')[0],
    epoch: epoch === '0' ? undefined : epoch,
    upstream: sourceRpm || undefined,
  });
}

/** An npm package; a scope is its namespace. */
export function npmPurl({ name, version }: { readonly name: string; readonly version: string }): Purl {
  return purl('npm', name.split('/'), version, {});
}

/** What belongs to no ecosystem. */
export function genericPurl(name: string, version: string | undefined, qualifiers: Qualifiers): Purl {
  return purl('generic', [name], version, qualifiers);
}

function purl(type: string, path: readonly string[], version: string | undefined, qualifiers: Qualifiers): Purl {
  const given = Object.entries(qualifiers).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const query = given
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => `${key}=${encoded(value)}`)
    .join('&');
  const at = version === undefined ? '' : `@${encoded(version)}`;
  return `pkg:${type}/${path.map(encoded).join('/')}${at}${query === '' ? '' : `?${query}`}`;
}

/** All but letters, digits and `.-_~:` is percent-encoded, in capitals. */
function encoded(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%3A', ':')
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
