import { type Entry, type Family, type LayoutMaker, makeLayout } from './image-layout.ts';

/** What a registry must answer for, by repository path below `/v2/`. */
export interface SampleRepository {
  readonly path: string;
  readonly tags: ReadonlyMap<string, Entry>;
  readonly manifests: ReadonlyMap<string, Entry>;
  readonly blobs: ReadonlySet<string>;
}

export interface Sample {
  readonly maker: LayoutMaker;
  readonly repositories: readonly SampleRepository[];
}

const HOSTS = ['registry.k8s.io', 'docker.io', 'quay.io', 'registry.example.com:5000'] as const;

/** Two of these differ in nothing but case, as tags may. */
const TAGS = ['v1.0.0', 'latest', 'v1.0.0-RC1', 'v1.0.0-rc1', 'V1.0.0-rc1', '_x', 'Nightly', '0'];

/**
 * Repositories with everything that registries hold: images and indexes of both families, nested names, equal names under
 * several hosts, layers shared between repositories and layers of one alone, an empty blob, tags that differ in case, artifacts.
 */
export function sampleRepositories(count: number): Sample {
  const maker = makeLayout();
  const repositories = Array.from({ length: count }, (_, position) => sampleRepository(maker, position));
  return { maker, repositories };
}

function sampleRepository(maker: LayoutMaker, position: number): SampleRepository {
  const host = HOSTS[position % HOSTS.length] ?? HOSTS[0];
  // The same name under each host in turn, then the next.
  const name = nameOf(Math.floor(position / HOSTS.length));
  const family: Family = position % 2 === 0 ? 'docker' : 'oci';
  const layers = ['shared by all', `shared by ${Math.floor(position / 10)}`, `only of ${position}`, ''];
  const images = ['amd64', 'arm64'].map((architecture) => maker.image(family, [...layers, architecture], architecture));
  const index = maker.index(family, images);
  const signature = artifact(maker, index, `application/vnd.example.signature.v1+json`);
  const bill = artifact(maker, index, 'text/spdx');
  const about = artifact(maker, signature, 'application/vnd.Example.note');
  const manifests = [...images, index, signature, bill, about];
  const tags = TAGS.map((tag, place) => [tag, manifests[(place + position) % 3] ?? index] as const);
  for (const [tag, entry] of tags) maker.name(entry, `${host}/${name}:${tag}`);
  for (const entry of [index, signature, bill, about]) maker.name(entry, `${host}/${name}@${entry.digest}`);
  return {
    path: `${host.replace(':', '_')}/${name}`,
    tags: new Map(tags),
    manifests: new Map(manifests.map((entry) => [entry.digest, entry])),
    blobs: new Set(manifests.flatMap((entry) => blobsOf(maker, entry))),
  };
}

function nameOf(number: number): string {
  const names = ['pause', 'library/nginx', 'a/b-c/d__e/f.g', 'manifests/blobs', 'tags/list'];
  return number < names.length ? (names[number] ?? 'pause') : `team-${number % 7}/image.${number}`;
}

function artifact(maker: LayoutMaker, subject: Entry, artifactType: string): Entry {
  const empty = maker.blob('{}', 'application/vnd.oci.empty.v1+json');
  const content = maker.blob(`${artifactType} of ${subject.digest}`, 'text/plain');
  return maker.manifest({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    artifactType,
    config: empty,
    layers: [content],
    subject,
    annotations: { 'org.example.text': 'It costs $5 "or" so;\n} server { \\ ü' },
  });
}

function blobsOf(maker: LayoutMaker, entry: Entry): string[] {
  const document = JSON.parse(String(maker.blobs.get(entry.digest))) as { config?: Entry; layers?: Entry[] };
  return [...(document.config ? [document.config] : []), ...(document.layers ?? [])].map(({ digest }) => digest);
}
