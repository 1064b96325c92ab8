import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { Mirrors } from './mirrors.ts';
import type { PackageRepository, RepositoryKey } from './release.ts';

/** Where an image is fetched from. */
export type ImageSource =
  | {
      readonly kind: 'registry';
      readonly reference: string;
      /** Plain HTTP, or TLS with a certificate that nobody checks. */
      readonly insecure?: true;
      /** Absolute path of a file with certificates to check its own by, beside those of the system. */
      readonly ca?: string;
    }
  | {
      readonly kind: 'layout';
      /** Absolute path of an OCI image layout. */
      readonly directory: string;
      /** What its index names the image by. */
      readonly reference: string;
    };

/** Where the packages of a repository are fetched from, and what they are verified by. */
export interface RepositorySource {
  /** `https:`, `http:` or `file:`; the parent of `repodata/`, with a slash at its end. */
  readonly url: string;
  readonly keys: readonly SourceKey[];
  readonly signedByUs: boolean;
}

export interface SourceKey {
  /** 40 upper-case hexadecimal digits. */
  readonly fingerprint: string;
  /** A file is named by its absolute path. */
  readonly location: { readonly url: string } | { readonly file: string };
}

/** Where a file is fetched from; a path is absolute. */
export type FileSource =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string };

/** Where to fetch an image that the release list names: from the longest of the fitting mirrors, else from upstream. */
export function imageSource({ registries }: Mirrors, reference: string): ImageSource {
  const mirror = longest(registries.filter(({ upstream }) => holdsRepository(upstream, reference)));
  if (mirror === undefined) return { kind: 'registry', reference };
  if ('layout' in mirror) return { kind: 'layout', directory: mirror.layout, reference };
  return {
    kind: 'registry',
    reference: `${mirror.registry}${reference.slice(mirror.upstream.length)}`,
    ...(mirror.insecure && { insecure: true }),
    ...(mirror.ca !== undefined && { ca: mirror.ca }),
  };
}

/** Where to fetch the packages of a repository. Its keys are files that upstream publishes: those have mirrors of their own. */
export function repositorySource(mirrors: Mirrors, repository: PackageRepository): RepositorySource {
  const { url, signedByUs } = repository;
  const ofUpstream = repository.keys.map((key) => upstreamKey(mirrors, key));
  const mirror = longest(mirrors.repositories.filter(({ upstream }) => url.startsWith(upstream)));
  if (mirror === undefined) return { url, keys: ofUpstream, signedByUs };
  const rest = url.slice(mirror.upstream.length);
  return {
    url: 'url' in mirror ? mirror.url + rest : fileUrl(below(mirror.directory, rest)),
    keys:
      mirror.keys?.map(({ fingerprint, ...location }) => ({
        fingerprint,
        location: 'url' in location ? { url: location.url } : { file: location.file },
      })) ?? ofUpstream,
    signedByUs: mirror.signedByUs ?? signedByUs,
  };
}

/** Where to fetch a file that upstream publishes at an address. */
export function fileSource({ files }: Mirrors, url: string): FileSource {
  const fits = (upstream: string) => (upstream.endsWith('/') ? url.startsWith(upstream) : url === upstream);
  const mirror = longest(files.filter(({ upstream }) => fits(upstream)));
  if (mirror === undefined) return { kind: 'url', url };
  const rest = url.slice(mirror.upstream.length);
  if ('url' in mirror) return { kind: 'url', url: mirror.url + rest };
  return { kind: 'file', path: rest === '' ? mirror.path : below(mirror.path, rest) };
}

function upstreamKey(mirrors: Mirrors, { fingerprint, url }: RepositoryKey): SourceKey {
  const source = fileSource(mirrors, url);
  return { fingerprint, location: source.kind === 'url' ? { url: source.url } : { file: source.path } };
}

/** Whether a host, or a path below one, holds the repository of a reference; only whole parts of the path count. */
function holdsRepository(upstream: string, reference: string): boolean {
  if (!reference.startsWith(upstream)) return false;
  const next = reference.slice(upstream.length, upstream.length + 1);
  return next === '/' || (upstream.includes('/') && (next === ':' || next === '@'));
}

function longest<Mirror extends { readonly upstream: string }>(mirrors: readonly Mirror[]): Mirror | undefined {
  return mirrors.toSorted((a, b) => b.upstream.length - a.upstream.length)[0];
}

/** The path below a directory that the rest of an address leads to. Throws where it would lead elsewhere. */
function below(directory: string, rest: string): string {
  const parts = rest.split('/').map(decoded);
  if (parts.some((part) => part === undefined || part === '..' || /[/\\\p{Cc}]/u.test(part))) {
    throw new MetalK8sError('RELEASE_INVALID', `an address ends with ${JSON.stringify(rest)}, which names no path`, {
      hint: `The mirror ${directory} can only stand for addresses whose parts are plain names.`,
    });
  }
  return [directory.replace(/\/+$/, ''), ...parts.filter((part) => part !== '' && part !== '.')].join('/');
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

function fileUrl(directory: string): string {
  const path = directory.split('/').map(encodeURIComponent).join('/');
  return `file://${path}${path.endsWith('/') ? '' : '/'}`;
}
