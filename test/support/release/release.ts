import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, type Report } from '../cache.ts';
import type { ImageSource } from './images/image.ts';
import { imageArchive } from './images/image-archive.ts';
import { type ImageReference, layoutReferences, writeLayout } from './images/layout.ts';
import { makeImages } from './images/make-images.ts';
import { sourcesInput } from './inputs.ts';
import { linkFile } from './link-file.ts';
import { DEFAULT_KUBERNETES } from './pinned-modules.ts';
import { type ReleaseContent, type ReleaseVersions, releaseContent } from './release-content.ts';
import { makersHash } from './release-makers.ts';
import { buildRpm } from './rpms/build-rpm.ts';
import { type RepositoryContent, writeRepository } from './rpms/repository.ts';
import { signingKey } from './signing-key.ts';

/** What is asked of a release; one version of Kubernetes, or several side by side. */
export interface ReleaseRequest {
  readonly kubernetes?: string | readonly string[];
}

/** A release for tests: everything that a disc is made from, under its upstream names. Paths are absolute; nothing may be written to. */
export interface TestRelease {
  /** Holds everything else, so that one bind gives it to a host. */
  readonly directory: string;
  readonly versions: ReleaseVersions;
  /** The OpenPGP key that signed packages and repositories: 40 hexadecimal digits, and the public key in both forms. */
  readonly key: { readonly fingerprint: string; readonly armoured: string; readonly binary: string };
  /** RPM repositories; `upstream` is the base address of the one that it stands for. */
  readonly repositories: readonly { readonly id: string; readonly upstream: string; readonly directory: string }[];
  /** OCI image layout with all images; index.json names them by their full reference. */
  readonly layout: string;
  readonly images: readonly ImageReference[];
  /** All images in one tar archive for `ctr -n k8s.io images import`; see `imageArchive` for some of them. */
  readonly archive: string;
  /** Upstream's own files by the address they are published at. */
  readonly files: readonly { readonly upstream: string; readonly path: string }[];
}

/**
 * Makes a release, or finds it in the test cache: RPM repositories, images and upstream files, built from the Go
 * module proxy, PyPI and Debian. About a second when it is there. Throws for a version of Kubernetes that is not pinned.
 */
export async function testRelease(request: ReleaseRequest, report: Report): Promise<TestRelease> {
  const kubernetes = [request.kubernetes ?? DEFAULT_KUBERNETES].flat();
  const content = await releaseContent(kubernetes, report);
  const recipe = {
    name: 'release',
    inputs: await inputsOf(content, (await signingKey(report)).fingerprint),
    make: (directory: string) => makeRelease(content, { directory, report }),
  };
  const directory = await cached(recipe, report);
  const stored = JSON.parse(await readFile(join(directory, DESCRIPTION), 'utf8')) as TestRelease;
  return withPaths(stored, (path) => join(directory, path));
}

const DESCRIPTION = 'release.json';
const LAYOUT = 'images';
const ARCHIVE = 'images.tar';

async function inputsOf({ versions, repositories, images, files }: ReleaseContent, fingerprint: string) {
  const packages = repositories.flatMap((repository) => repository.packages);
  const layers = images.flatMap((image) => image.variants.flatMap((variant) => variant.layers));
  return {
    versions,
    fingerprint,
    repositories,
    images,
    files,
    packed: await Promise.all([...packages, ...layers].map((each) => sourcesInput(each.files))),
    makers: await makersHash(),
  };
}

interface Making {
  readonly directory: string;
  readonly report: Report;
}

async function makeRelease(content: ReleaseContent, making: Making): Promise<void> {
  const { directory, report } = making;
  const key = await signingKey(report);
  const keys = { armoured: 'keys/RPM-GPG-KEY-metalk8s-test', binary: 'keys/metalk8s-test.gpg' };
  await linkFile(key.armoured, join(directory, keys.armoured));
  await linkFile(key.binary, join(directory, keys.binary));
  const repositories = [];
  for (const repository of content.repositories) repositories.push(await makeRepository(repository, making));
  const images = await makeLayout(content.images, making);
  const files = [];
  for (const { upstream, source } of content.files) {
    const path = `files/${new URL(upstream).pathname.slice(1)}`;
    await linkFile(source, join(directory, path));
    files.push({ upstream, path });
  }
  const release: TestRelease = {
    directory: '.',
    versions: content.versions,
    key: { fingerprint: key.fingerprint, ...keys },
    repositories,
    layout: LAYOUT,
    images,
    archive: ARCHIVE,
    files,
  };
  await writeFile(join(directory, DESCRIPTION), JSON.stringify(release, undefined, 2));
}

async function makeRepository(repository: RepositoryContent, { directory, report }: Making) {
  const { id, upstream, folderOf } = repository;
  const built = [];
  for (const rpm of repository.packages) built.push({ rpm, path: await buildRpm(rpm, report) });
  const path = `repositories/${id}`;
  await writeRepository(join(directory, path), { folderOf, built }, report);
  return { id, upstream, directory: path };
}

async function makeLayout(sources: readonly ImageSource[], { directory, report }: Making) {
  const made = await makeImages(sources, report);
  const layout = join(directory, LAYOUT);
  const images = layoutReferences(await writeLayout(layout, made));
  const references = images.map(({ reference }) => reference);
  await linkFile(await imageArchive(layout, references, report), join(directory, ARCHIVE));
  return images;
}

/** The same release with each path in it replaced. */
function withPaths(release: TestRelease, path: (relative: string) => string): TestRelease {
  return {
    ...release,
    directory: path(release.directory),
    key: { ...release.key, armoured: path(release.key.armoured), binary: path(release.key.binary) },
    repositories: release.repositories.map((each) => ({ ...each, directory: path(each.directory) })),
    layout: path(release.layout),
    archive: path(release.archive),
    files: release.files.map((each) => ({ ...each, path: path(each.path) })),
  };
}
