import { MetalK8sError } from '../errors/metalk8s-error.ts';
import { type Catalogue, type Manifest, type Repository, repositoryPath } from './catalogue.ts';
import { manifestKind } from './media-types.ts';
import {
  isDigest,
  isHost,
  isMediaType,
  isRepositoryName,
  isTag,
  LARGEST_MANIFEST,
  LONGEST_REPOSITORY,
  shown,
} from './rules.ts';

const MOST_SHOWN = 10;

/**
 * Gives the catalogue back when all of it may be served, and throws a `RELEASE_INVALID` naming every problem otherwise (the first ten).
 * Everything in a catalogue comes from images that someone else made, so each name is held to the grammar of the specification.
 */
export function checkCatalogue(catalogue: Catalogue, where: string): Catalogue {
  const problems = [...catalogueProblems(catalogue)];
  if (problems.length === 0) return catalogue;
  const rest = problems.length - MOST_SHOWN;
  const lines = rest > 0 ? [...problems.slice(0, MOST_SHOWN), `and ${rest} more`] : problems;
  throw new MetalK8sError('RELEASE_INVALID', `The catalogue of images cannot be served:\n${lines.join('\n')}`, {
    where,
    hint: 'Take the named image out of the release, or have whoever publishes it mend it, and build again.',
  });
}

function* catalogueProblems({ repositories }: Catalogue): Generator<string> {
  const seen = new Set<string>();
  for (const repository of repositories) {
    const path = repositoryPath(repository);
    if (seen.has(path)) yield `repository ${shown(path)} is there twice`;
    seen.add(path);
    for (const problem of repositoryProblems(repository))
      yield `${shown(`${repository.host}/${repository.name}`)}: ${problem}`;
  }
}

function* repositoryProblems(repository: Repository): Generator<string> {
  if (!isHost(repository.host)) yield `${shown(repository.host)} is no registry host`;
  if (!isRepositoryName(repository.name)) yield `${shown(repository.name)} is no repository name`;
  if (repositoryPath(repository).length > LONGEST_REPOSITORY)
    yield `its name is longer than ${LONGEST_REPOSITORY} characters`;
  const manifests = new Set<string>();
  for (const manifest of repository.manifests) {
    if (manifests.has(manifest.digest)) yield `manifest ${shown(manifest.digest)} is there twice`;
    manifests.add(manifest.digest);
    for (const problem of manifestProblems(manifest)) yield `manifest ${shown(manifest.digest)}: ${problem}`;
  }
  yield* tagProblems(repository, manifests);
  for (const { digest, children = [] } of repository.manifests) {
    for (const child of children)
      if (!manifests.has(child)) yield `manifest ${shown(digest)}: its child ${shown(child)} is not there`;
  }
  const blobs = new Set<string>();
  for (const blob of repository.blobs) {
    if (!isDigest(blob)) yield `${shown(blob)} is no digest of a blob`;
    if (blobs.has(blob)) yield `blob ${shown(blob)} is there twice`;
    blobs.add(blob);
  }
}

function* tagProblems({ tags }: Repository, manifests: ReadonlySet<string>): Generator<string> {
  const seen = new Set<string>();
  for (const { tag, digest } of tags) {
    if (!isTag(tag)) yield `${shown(tag)} is no tag`;
    if (seen.has(tag)) yield `tag ${shown(tag)} is there twice`;
    seen.add(tag);
    if (!manifests.has(digest)) yield `tag ${shown(tag)}: its manifest ${shown(digest)} is not there`;
  }
}

function* manifestProblems(manifest: Manifest): Generator<string> {
  const { digest, mediaType, size, subject, artifactType, annotations = {} } = manifest;
  if (!isDigest(digest)) yield 'this is no sha256 digest';
  if (manifestKind(mediaType) === undefined)
    yield `${shown(mediaType)} is no media type of a manifest that can be served`;
  if (!Number.isSafeInteger(size) || size < 0) yield `${shown(size)} is no size`;
  if (size > LARGEST_MANIFEST) yield `${size} bytes are more than the ${LARGEST_MANIFEST} that containerd takes`;
  if (subject !== undefined && !isDigest(subject)) yield `its subject ${shown(subject)} is no sha256 digest`;
  if (artifactType !== undefined && !isMediaType(artifactType))
    yield `its artifact type ${shown(artifactType)} is no media type`;
  for (const [key, value] of Object.entries(annotations)) {
    if (key === '' || typeof value !== 'string') yield `its annotation ${shown(key)} is not text`;
  }
}
