import { describe, expect, test } from 'vitest';
import type { ImageLayout } from '../../src/registry/image-layout.ts';
import { missingDocuments, readImageLayout } from '../../src/registry/read-image-layout.ts';
import { type LayoutMaker, makeLayout } from '../support/registry/image-layout.ts';

describe('readImageLayout', () => {
  test('an image: its tags, its manifest, its configuration and layers', () => {
    const maker = makeLayout();
    const image = maker.image('docker', ['one', 'two']);
    maker.name(image, 'registry.k8s.io/pause:3.10.2');
    maker.name(image, 'registry.k8s.io/pause:latest');
    expect(readImageLayout(maker.layout())).toEqual({
      repositories: [
        {
          host: 'registry.k8s.io',
          name: 'pause',
          tags: [
            { tag: '3.10.2', digest: image.digest },
            { tag: 'latest', digest: image.digest },
          ],
          manifests: [{ digest: image.digest, mediaType: image.mediaType, size: image.size }],
          blobs: [...maker.blobs.keys()].filter((digest) => digest !== image.digest).sort(),
        },
      ],
    });
  });

  test('an index with all children, and one with some: those that are there', () => {
    const maker = makeLayout();
    const children = [maker.image('oci', ['amd64']), maker.image('oci', ['arm64'], 'arm64')];
    const index = maker.name(maker.index('oci', children), 'quay.io/calico/node:v3.28.5');
    const digests = children.map(({ digest }) => digest);
    expect(manifestOf(maker, index.digest).children).toEqual(digests);

    const { repositories } = readImageLayout(without(maker, digests[1]));
    expect(repositories[0]?.manifests.map(({ digest }) => digest).sort()).toEqual([index.digest, digests[0]].sort());
    expect(repositories[0]?.blobs).toHaveLength(2);
  });

  test('an index in an index, and one that names a child twice', () => {
    const maker = makeLayout();
    const image = maker.image('docker', ['x']);
    const inner = maker.index('docker', [image, image]);
    const outer = maker.name(maker.index('oci', [inner]), 'quay.io/a/b:1');
    expect(manifestOf(maker, outer.digest).children).toEqual([inner.digest]);
    expect(manifestOf(maker, inner.digest).children).toEqual([image.digest]);
  });

  test('the name that containerd writes comes before the other', () => {
    const maker = makeLayout();
    const image = maker.image('oci', []);
    const names = {
      'org.opencontainers.image.ref.name': '1.27',
      'io.containerd.image.name': 'docker.io/library/nginx:1.27',
    };
    const layout = { ...maker.layout(), index: { manifests: [{ ...image, annotations: names }] } };
    expect(readImageLayout(layout).repositories[0]).toMatchObject({ host: 'docker.io', name: 'library/nginx' });
  });

  test('equal names under two hosts are two repositories, each with its own blobs', () => {
    const maker = makeLayout();
    maker.name(maker.image('oci', ['one']), 'docker.io/library/nginx:1');
    maker.name(maker.image('oci', ['other']), 'quay.io/library/nginx:1');
    const [first, second] = readImageLayout(maker.layout()).repositories;
    expect([first?.host, second?.host]).toEqual(['docker.io', 'quay.io']);
    expect(first?.blobs.some((digest) => second?.blobs.includes(digest))).toBe(false);
  });

  test('an artifact without a name goes to each repository that has its subject, and so does what is said about it', () => {
    const maker = makeLayout();
    const image = maker.image('oci', ['x']);
    maker.name(image, 'docker.io/a/b:1');
    maker.name(image, 'quay.io/a/b:1');
    const signature = artifact(maker, image, { artifactType: 'application/vnd.example.signature' });
    const stamp = artifact(maker, signature, { annotations: { 'org.example.when': 'today' } });
    maker.name(stamp);
    maker.name(signature);
    const { repositories } = readImageLayout(maker.layout());
    expect(repositories).toHaveLength(2);
    for (const { manifests } of repositories) {
      expect(manifests).toContainEqual({
        ...described(signature),
        subject: image.digest,
        artifactType: 'application/vnd.example.signature',
        annotations: {},
      });
      expect(manifests).toContainEqual({
        ...described(stamp),
        subject: signature.digest,
        artifactType: 'application/vnd.oci.empty.v1+json',
        annotations: { 'org.example.when': 'today' },
      });
    }
  });

  test('a chain of artifacts reaches every repository, in whatever order they are named', () => {
    const maker = makeLayout();
    const image = maker.image('oci', ['x']);
    const first = artifact(maker, image, {});
    const second = artifact(maker, first, {});
    const third = artifact(maker, second, {});
    maker.name(image, 'docker.io/a/b:1');
    maker.name(image, 'quay.io/a/b:1');
    maker.name(second, 'docker.io/a/b:stamp');
    for (const entry of [third, second, first]) maker.name(entry);
    for (const { manifests } of readImageLayout(maker.layout()).repositories) {
      expect(manifests.map(({ digest }) => digest)).toEqual(
        [image, first, second, third].map(({ digest }) => digest).sort(),
      );
    }
  });

  test('an artifact manifest, a blob of zero bytes, an empty index, lists that Go wrote as null', () => {
    const maker = makeLayout();
    const empty = maker.blob('', 'application/octet-stream');
    const mediaType = 'application/vnd.oci.artifact.manifest.v1+json';
    maker.name(maker.manifest({ mediaType, artifactType: 'a/b', blobs: [empty] }), 'quay.io/a/artifact:1');
    maker.name(maker.index('oci', []), 'quay.io/a/index:1');
    maker.name(maker.manifest({ mediaType: indexType, manifests: null, annotations: null }), 'quay.io/a/null:1');
    const { repositories } = readImageLayout(maker.layout());
    expect(repositories.map(({ blobs }) => blobs)).toEqual([[empty.digest], [], []]);
  });

  test('a layer that may not be passed on may be missing, another may not', () => {
    const maker = makeLayout();
    const config = maker.blob('{}', 'application/vnd.oci.image.config.v1+json');
    const layer = { digest: `sha256:${'0'.repeat(64)}`, size: 5, urls: ['https://example.com/x'] };
    const image = (mediaType: string) =>
      maker.manifest({ mediaType: imageType, config, layers: [{ ...layer, mediaType }] });
    maker.name(image('application/vnd.docker.image.rootfs.foreign.diff.tar.gzip'), 'quay.io/a/b:1');
    expect(readImageLayout(maker.layout()).repositories[0]?.blobs).toEqual([config.digest]);
    maker.name(image('application/vnd.oci.image.layer.v1.tar'), 'quay.io/a/b:2');
    expect(() => readImageLayout(maker.layout())).toThrow(`needs ${layer.digest} of 5 bytes, which is not there`);
  });

  test('nesting without end ends', () => {
    const maker = makeLayout();
    let entry = maker.index('oci', []);
    for (let depth = 0; depth < 15_000; depth++) entry = maker.manifest({ mediaType: indexType, manifests: [entry] });
    maker.name(entry, 'quay.io/a/deep:1');
    expect(readImageLayout(maker.layout()).repositories[0]?.manifests).toHaveLength(15_001);
  });
});

describe('what cannot be served is refused by name', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const cases: readonly [string, (maker: LayoutMaker) => unknown, string][] = [
    [
      'a tag of two images',
      (maker) => [1, 2].map((layer) => maker.name(maker.image('oci', [`${layer}`]), 'quay.io/a/b:1')),
      'names two images',
    ],
    [
      'a digest that is another',
      (maker) => maker.name(maker.image('oci', []), `quay.io/a/b:1@${digest}`),
      'stands beside the digest',
    ],
    ['a name in short', (maker) => maker.name(maker.image('oci', []), 'nginx:1.27'), 'no image reference in full'],
    [
      'no name and no subject',
      (maker) => maker.name(maker.image('oci', [])),
      'has no name and its subject is not there',
    ],
    [
      'a subject that is nowhere',
      (maker) => maker.name(artifact(maker, { mediaType: imageType, digest, size: 1 }, {})),
      'has no name and its subject',
    ],
    [
      'schema 1',
      (maker) => named(maker, { mediaType: 'application/vnd.docker.distribution.manifest.v1+prettyjws' }),
      'no media type of a manifest that can be served',
    ],
    [
      'a page of HTML',
      (maker) => named(maker, { mediaType: 'text/html' }),
      'no media type of a manifest that can be served',
    ],
    [
      'a media type that would break out',
      (maker) => named(maker, { mediaType: 'a/b"; return 200 "' }),
      'is no media type',
    ],
    ['a media type with a line feed', (maker) => named(maker, { mediaType: `${imageType}\n` }), 'is no media type'],
    [
      'a type unlike its name',
      (maker) => maker.name({ ...maker.image('oci', []), mediaType: indexType }, 'quay.io/a/b:1'),
      'it says to be',
    ],
    [
      'a size that is another',
      (maker) => maker.name({ ...maker.image('oci', []), size: 3 }, 'quay.io/a/b:1'),
      'of 3 bytes, which has',
    ],
    ['no configuration', (maker) => named(maker, { mediaType: imageType, layers: [] }), 'this is no object'],
    [
      'layers that are no list',
      (maker) => named(maker, { mediaType: imageType, config: maker.blob('{}', 'a/b'), layers: {} }),
      'this is no list',
    ],
    [
      'sha512',
      (maker) =>
        named(maker, {
          mediaType: imageType,
          config: { mediaType: 'a/b', digest: `sha512:${'a'.repeat(128)}`, size: 1 },
        }),
      'the only kind that is carried',
    ],
    [
      'a negative size',
      (maker) => named(maker, { mediaType: imageType, config: { mediaType: 'a/b', digest, size: -1 } }),
      '-1 is no size',
    ],
    [
      'an annotation that is no text',
      (maker) => named(maker, { mediaType: indexType, manifests: [], annotations: { a: 1 } }),
      '"a" is not text',
    ],
    [
      'an artifact type that would break out',
      (maker) => named(maker, { mediaType: indexType, manifests: [], artifactType: 'x"\n' }),
      'is no artifact type',
    ],
    [
      'a manifest larger than clients take',
      (maker) => named(maker, { mediaType: indexType, manifests: [], padding: ' '.repeat(4_393_216) }),
      'bytes are more than the 4393216 that containerd takes',
    ],
    [
      'an index without one child on the disc',
      (maker) => maker.name(maker.index('oci', [{ mediaType: imageType, digest, size: 1 }]), 'quay.io/a/b:1'),
      'has none of its children',
    ],
    [
      'a name longer than clients take',
      (maker) => maker.name(maker.image('oci', []), `quay.io/${'a/'.repeat(130)}b:1`),
      'longer than 255',
    ],
  ];
  test.each(cases)('%s', (_, make, message) => {
    const maker = makeLayout();
    make(maker);
    const read = () => readImageLayout(maker.layout());
    expect(read).toThrow(expect.objectContaining({ code: 'RELEASE_INVALID' }));
    expect(read).toThrow(message);
  });

  test.each([[null], [[]], [{}], [{ manifests: {} }], [{ manifests: [null] }], [{ manifests: [{}] }]])(
    'index.json is %j',
    (index) => {
      const layout: ImageLayout = { index, documents: new Map(), sizes: new Map(), where: 'images' };
      expect(() => readImageLayout(layout)).toThrow(expect.objectContaining({ code: 'RELEASE_INVALID' }));
    },
  );
});

test('missingDocuments leads through the tree, and ends without what is not on the disc', () => {
  const maker = makeLayout();
  const children = [maker.image('oci', ['amd64']), maker.image('oci', ['arm64'], 'arm64')];
  const index = maker.name(maker.index('oci', children), 'quay.io/a/b:1');
  const whole = without(maker, children[1]?.digest);
  const known = new Map<string, unknown>();
  const layout = { ...whole, documents: known };
  const rounds: string[][] = [];
  for (let wanted = missingDocuments(layout); wanted.length > 0; wanted = missingDocuments(layout)) {
    rounds.push(wanted);
    for (const digest of wanted) known.set(digest, whole.documents.get(digest));
  }
  expect(rounds).toEqual([[index.digest], [children[0]?.digest]]);
  expect(readImageLayout(layout)).toEqual(readImageLayout(whole));
});

const imageType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';

function manifestOf(maker: LayoutMaker, digest: string) {
  const manifests = readImageLayout(maker.layout()).repositories.flatMap((repository) => repository.manifests);
  const found = manifests.find((manifest) => manifest.digest === digest);
  if (found === undefined) throw new Error(`no manifest ${digest}`);
  return found;
}

function without(maker: LayoutMaker, digest: string | undefined): ImageLayout {
  const layout = maker.layout();
  const rest = <Value>(map: ReadonlyMap<string, Value>) => new Map([...map].filter(([key]) => key !== digest));
  return { ...layout, documents: rest(layout.documents), sizes: rest(layout.sizes) };
}

function artifact(maker: LayoutMaker, subject: object, rest: Readonly<Record<string, unknown>>) {
  const config = maker.blob('{}', 'application/vnd.oci.empty.v1+json');
  return maker.manifest({ schemaVersion: 2, mediaType: imageType, config, layers: [config], subject, ...rest });
}

function described({ mediaType, digest, size }: { mediaType: string; digest: string; size: number }) {
  return { mediaType, digest, size };
}

function named(maker: LayoutMaker, document: { readonly mediaType: string; readonly [key: string]: unknown }) {
  return maker.name(maker.manifest(document), 'quay.io/a/b:1');
}
