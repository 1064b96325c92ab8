import type { Catalogue, Digest, Manifest, Repository } from '../../registry/catalogue.ts';
import { repositoryPath } from '../../registry/catalogue.ts';

/** A question to a registry, and the one answer that is right. */
export interface RegistryQuestion {
  /** What it is about, for messages: `registry.k8s.io/pause:3.10.2`. */
  readonly about: string;
  readonly method: 'GET' | 'HEAD';
  /** With `/v2/` at its start. */
  readonly path: string;
  readonly expected: RightAnswer;
}

interface RightAnswer {
  readonly status: number;
  readonly type?: string;
  /** In `Docker-Content-Digest`, and of the body where one comes. */
  readonly digest?: Digest;
  /** Bytes, in `Content-Length`, and of the body where one comes. */
  readonly size?: number;
  /** The body as JSON. */
  readonly json?: unknown;
  /** A digest that the body names. */
  readonly names?: Digest;
}

/**
 * Everything that a registry must know to serve a catalogue: each tag and manifest by GET and HEAD, each blob by HEAD, the lists of tags,
 * what refers to what; and that nothing can be had under the name of a repository that it does not belong to.
 */
export function registryQuestions(catalogue: Catalogue, sizes: ReadonlyMap<Digest, number>): RegistryQuestion[] {
  const { repositories } = catalogue;
  return [
    { about: 'the registry', method: 'GET', path: '/v2/', expected: { status: 200, json: {} } },
    ...repositories.flatMap((repository) => [...contentQuestions(repository, sizes), ...listQuestions(repository)]),
    ...foreignQuestions(repositories),
  ];
}

function contentQuestions(repository: Repository, sizes: ReadonlyMap<Digest, number>): RegistryQuestion[] {
  const path = `/v2/${repositoryPath(repository)}`;
  const name = nameOf(repository);
  const byDigest = new Map(repository.manifests.map((manifest) => [manifest.digest, manifest]));
  const tags = repository.tags.flatMap(({ tag, digest }) => {
    const manifest = byDigest.get(digest);
    return manifest === undefined ? [] : both(`${name}:${tag}`, `${path}/manifests/${tag}`, manifest);
  });
  const manifests = repository.manifests.flatMap((manifest) =>
    both(`${name}@${manifest.digest}`, `${path}/manifests/${manifest.digest}`, manifest),
  );
  const blobs = repository.blobs.map((digest): RegistryQuestion => {
    const size = sizes.get(digest);
    return {
      about: `blob ${digest} of ${name}`,
      method: 'HEAD',
      path: `${path}/blobs/${digest}`,
      expected: { status: 200, digest, type: 'application/octet-stream', ...(size === undefined ? {} : { size }) },
    };
  });
  return [...tags, ...manifests, ...blobs];
}

function both(about: string, path: string, { digest, mediaType, size }: Manifest): RegistryQuestion[] {
  const expected = { status: 200, digest, size, type: mediaType };
  return [
    { about, method: 'GET', path, expected },
    { about, method: 'HEAD', path, expected },
  ];
}

function listQuestions(repository: Repository): RegistryQuestion[] {
  const path = repositoryPath(repository);
  const tags = repository.tags.map(({ tag }) => tag).sort();
  const referrers = repository.manifests.flatMap(({ subject, digest }): RegistryQuestion[] => {
    if (subject === undefined) return [];
    const about = `what refers to ${subject} in ${nameOf(repository)}`;
    return [
      { about, method: 'GET', path: `/v2/${path}/referrers/${subject}`, expected: { status: 200, names: digest } },
    ];
  });
  const list = { about: `tags of ${nameOf(repository)}`, method: 'GET', path: `/v2/${path}/tags/list` } as const;
  return [{ ...list, expected: { status: 200, json: { name: path, tags } } }, ...referrers];
}

const NOT_FOUND: RightAnswer = { status: 404, type: 'application/json' };

/** Asks each repository for what belongs to another, and one that nobody has for what somebody has. */
function foreignQuestions(repositories: readonly Repository[]): RegistryQuestion[] {
  const nobodys = '/v2/nobody.invalid/nothing';
  const nothing = repositories
    .slice(0, 1)
    .flatMap(({ tags, blobs }) => [
      foreign('a repository that is not there', `${nobodys}/tags/list`),
      ...tags.slice(0, 1).map(({ tag }) => foreign('a repository that is not there', `${nobodys}/manifests/${tag}`)),
      ...blobs.slice(0, 1).map((blob) => foreign('a repository that is not there', `${nobodys}/blobs/${blob}`)),
    ]);
  const others = repositories.flatMap((repository, position) => {
    const path = `/v2/${repositoryPath(repository)}`;
    const other = repositories[(position + 1) % repositories.length] ?? repository;
    const own = new Set([...repository.manifests.map(({ digest }) => digest), ...repository.blobs]);
    const about = `what belongs to ${nameOf(other)}, asked of ${nameOf(repository)}`;
    const manifest = other.manifests.find(({ digest }) => !own.has(digest))?.digest;
    const blob = other.blobs.find((digest) => !own.has(digest));
    return [
      ...(manifest === undefined ? [] : [foreign(about, `${path}/manifests/${manifest}`)]),
      ...(blob === undefined ? [] : [foreign(about, `${path}/blobs/${blob}`)]),
    ];
  });
  return [...nothing, ...others];
}

function foreign(about: string, path: string): RegistryQuestion {
  return { about, method: 'GET', path, expected: NOT_FOUND };
}

function nameOf({ host, name }: Repository): string {
  return `${host}/${name}`;
}
