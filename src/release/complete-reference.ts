import { isDigest, isHost, isRepositoryName, isTag } from '../registry/rules.ts';

/**
 * An image reference as container runtimes complete it: `nginx` is `docker.io/library/nginx:latest`. Of a tag and a digest, which
 * may stand together, the digest is what counts. Undefined for what is no reference.
 */
export function completeReference(text: string): string | undefined {
  const [, path = '', tag, digest] = /^([^@]*?)(?::([^:/@]*))?(?:@(.*))?$/s.exec(text) ?? [];
  const { host, name } = splitPath(path);
  if (!isHost(host) || !isRepositoryName(name)) return undefined;
  if ((tag !== undefined && !isTag(tag)) || (digest !== undefined && !isDigest(digest))) return undefined;
  return digest === undefined ? `${host}/${name}:${tag ?? 'latest'}` : `${host}/${name}@${digest}`;
}

/** Whether a reference names its registry itself, as nothing that is no image does. */
export function namesRegistry(text: string): boolean {
  const [host = ''] = text.split('/', 1);
  return host.length < text.length && (/[.:]/.test(host) || host === 'localhost');
}

function splitPath(path: string): { readonly host: string; readonly name: string } {
  if (!namesRegistry(path)) return { host: 'docker.io', name: path.includes('/') ? path : `library/${path}` };
  const host = path.slice(0, path.indexOf('/'));
  const name = path.slice(host.length + 1);
  if (host !== 'docker.io' && host !== 'index.docker.io') return { host, name };
  return { host: 'docker.io', name: name.includes('/') ? name : `library/${name}` };
}
