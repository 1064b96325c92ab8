import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { Digest } from './catalogue.ts';
import { isDigest, isHost, isRepositoryName, isTag, shown } from './rules.ts';

/** An image reference in full, taken apart. */
export interface Reference {
  readonly text: string;
  readonly host: string;
  readonly name: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

/**
 * Takes `host[:port]/name[:tag][@digest]` apart. Nothing is completed: `nginx` is no reference in full, `docker.io/library/nginx:1.27`
 * is. Throws a `RELEASE_INVALID` that says which part is at fault.
 */
export function parseReference(text: string, where: string): Reference {
  const [, host = '', name = '', tag, digest] = /^([^/@]*)\/([^:@]*)(?::([^@]*))?(?:@(.*))?$/s.exec(text) ?? [];
  const problem = problemOf({ host, name, tag, digest });
  if (problem !== undefined) {
    throw new MetalK8sError('RELEASE_INVALID', `${shown(text)} is no image reference in full: ${problem}`, {
      where,
      hint: 'Write host/name:tag or host/name@sha256:…, for example docker.io/library/nginx:1.27.',
    });
  }
  return { text, host, name, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

interface Parts {
  readonly host: string;
  readonly name: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** A first part without dot and port is a name of Docker Hub, not a host (`localhost` aside), to every client. */
function problemOf({ host, name, tag, digest }: Parts): string | undefined {
  if (!isHost(host) || (!/[.:]/.test(host) && host !== 'localhost')) return `${shown(host)} is no registry host`;
  if (!isRepositoryName(name)) return `${shown(name)} is no repository name`;
  if (tag !== undefined && !isTag(tag)) return `${shown(tag)} is no tag`;
  if (digest !== undefined && !isDigest(digest)) return `${shown(digest)} is no sha256 digest`;
  return tag === undefined && digest === undefined ? 'it has neither tag nor digest' : undefined;
}
