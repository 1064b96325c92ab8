import { shown } from '../../documents/shown.ts';
import { isMetalK8sError } from '../../errors/metalk8s-error.ts';
import { parseReference } from '../../registry/reference.ts';
import { isDigest, isMediaType } from '../../registry/rules.ts';

const location = '[a-z0-9.-]+(:[0-9]{1,5})?';
const parts = '[a-z0-9._-]+(/[a-z0-9._-]+)*';

/** A reference in full, with its tag and nothing else: the lock has the digest. */
export const imageReference = {
  title: 'image reference with a tag',
  pattern: `^${location}/${parts}:[A-Za-z0-9_][A-Za-z0-9._-]*$`,
  check(text: string): string | undefined {
    if (text.includes('://')) return 'must be host, name and tag, without the scheme of a URL';
    if (!text.includes('/')) return `${shown(text)} names no registry: write for example docker.io/library/nginx:1.27`;
    const { tag, digest, problem } = parsed(/[:@][^/]*$/.test(text) ? text : `${text}:tag`);
    if (problem !== undefined) return problem;
    if (digest !== undefined) return 'has a digest: name the tag alone, the lock pins what it stands for';
    return tag !== undefined && text.endsWith(`:${tag}`) ? undefined : `${shown(text)} has no tag`;
  },
};

/** A registry, or repositories below it: what references start with. */
export const registryLocation = {
  title: 'registry host, or repositories below it',
  pattern: `^${location}(/${parts})?$`,
  check(text: string): string | undefined {
    if (text.includes('://')) return 'must be a host, or a host and a path, without the scheme of a URL';
    if (text.endsWith('/')) return `${shown(text)} must not end with "/"`;
    const repository = text.includes('/') ? text : `${text}/name`;
    const { tag, digest, problem } = parsed(repository.includes('@') ? repository : `${repository}:tag`);
    if (problem === undefined && tag === 'tag' && digest === undefined) return undefined;
    return `${shown(text)} is no registry such as docker.io or proxy.example.com:5000/k8s`;
  },
};

export const digest = {
  title: 'digest',
  pattern: '^sha256:[0-9a-f]{64}$',
  check: (text: string) =>
    isDigest(text) ? undefined : 'is no digest: sha256: and 64 hexadecimal digits in lower case',
};

export const mediaType = {
  title: 'media type',
  pattern: '^[^/ ]+/[^/ ]+$',
  check: (text: string) =>
    isMediaType(text) ? undefined : `${shown(text)} is no media type such as application/vnd.oci.image.index.v1+json`,
};

function parsed(text: string): { tag?: string; digest?: string; problem?: string } {
  try {
    return parseReference(text, '');
  } catch (error) {
    if (!isMetalK8sError(error)) throw error;
    // Its words show the text, which must be one that may be shown.
    const explained = shown(text) === 'the value' ? 'is no image reference in full' : error.message;
    return { problem: `${explained}; write for example docker.io/library/nginx:1.27` };
  }
}
