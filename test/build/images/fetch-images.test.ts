import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hexOf } from '../../../src/build/images/blob-store.ts';
import { fetchImages, type WantedImage } from '../../../src/build/images/fetch-images.ts';
import { catalogueOf, layoutFiles } from '../../../src/build/images/layout-files.ts';
import { buildContext, keptReport } from '../../support/build/build-context.ts';
import { type Entry, type LayoutMaker, makeLayout } from '../../support/registry/image-layout.ts';
import { inTemporaryDirectory } from '../../support/temporary-directory.ts';

const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
const platform = (architecture: string) => ({ platform: { os: 'linux', architecture } });

/** Fetches images of a layout that a test makes, into a cache of its own. */
async function fetched(
  maker: LayoutMaker,
  references: readonly string[],
  {
    platforms = ['linux/amd64'],
    spoil,
  }: { platforms?: readonly string[]; spoil?: (layout: string) => Promise<void> } = {},
) {
  return inTemporaryDirectory(async (directory) => {
    const layout = join(directory, 'layout');
    await maker.write(layout);
    await spoil?.(layout);
    const images = references.map(
      (reference): WantedImage => ({ reference, source: { kind: 'layout', directory: layout, reference } }),
    );
    const cache = join(directory, 'cache');
    const report = keptReport();
    const result = await fetchImages({ images, platforms }, buildContext(cache), report);
    const stored = (await readdir(join(cache, 'blobs/sha256'))).sort();
    expect(stored).toEqual([...result.blobs.keys()].map(hexOf).sort());
    for (const [digest, size] of result.blobs) {
      const file = join(cache, 'blobs/sha256', hexOf(digest));
      expect(await readFile(file)).toEqual(maker.blobs.get(digest));
      expect([(await stat(file)).size, (await stat(file)).mode & 0o777]).toEqual([size, 0o444]);
    }
    expect(await readdir(join(cache, 'staging'))).toEqual([]);
    const again = keptReport();
    expect(await fetchImages({ images, platforms }, buildContext(cache), again)).toEqual(result);
    expect(again.told).toContain('unchanged');
    return { ...result, files: layoutFiles(result, cache), told: report.told };
  });
}

describe('images of a layout', () => {
  test('an image of either family keeps its digest and type; blobs that two have are there once', async () => {
    const maker = makeLayout();
    const oci = maker.name(maker.image('oci', ['shared', 'one']), 'registry.k8s.io/a/oci:v1');
    const docker = maker.name(maker.image('docker', ['shared', 'two']), 'registry.k8s.io/a/docker:v1');
    maker.name(maker.image('oci', ['nobody asked for this']), 'registry.k8s.io/a/other:v1');
    const references = ['registry.k8s.io/a/oci:v1', 'registry.k8s.io/a/docker:v1'];
    const { images, blobs, told } = await fetched(maker, references);
    expect(images).toEqual([
      { reference: references[1], ...docker, children: [] },
      { reference: references[0], ...oci, children: [] },
    ]);
    expect(blobs.size).toBe(2 * 2 + 3);
    expect(told.at(-1)).toMatch(/^progress (\d+) \1 bytes$/);
  });

  test('an index is sparse: what the platforms need, with attestations; its own bytes stay', async () => {
    const maker = makeLayout();
    const amd64 = maker.image('oci', ['amd64']);
    const arm64 = maker.image('oci', ['arm64'], 'arm64');
    const about = (child: Entry) => ({
      ...maker.image('oci', [`about ${child.digest}`], 'unknown'),
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest', 'vnd.docker.reference.digest': child.digest },
    });
    const [aboutAmd64, aboutArm64] = [about(amd64), about(arm64)];
    const index = maker.manifest({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: [{ ...amd64, ...platform('amd64') }, { ...arm64, ...platform('arm64') }, aboutAmd64, aboutArm64],
    });
    maker.name(index, 'quay.io/a:v1');
    const { images, documents, files } = await fetched(maker, ['quay.io/a:v1']);
    expect(images[0]?.digest).toBe(index.digest);
    expect(images[0]?.children).toEqual(
      [{ digest: amd64.digest, platform: 'linux/amd64' }, { digest: aboutAmd64.digest }].sort((left, right) =>
        left.digest < right.digest ? -1 : 1,
      ),
    );
    expect([...documents.keys()].sort()).toEqual([index.digest, amd64.digest, aboutAmd64.digest].sort());
    expect(files.some(({ path }) => path.endsWith(hexOf(arm64.digest)))).toBe(false);
    const both = await fetched(maker, ['quay.io/a:v1'], { platforms: ['linux/arm64', 'linux/amd64'] });
    expect(both.images[0]?.children).toHaveLength(4);
    await expect(fetched(maker, ['quay.io/a:v1'], { platforms: ['linux/amd64', 'linux/s390x'] })).rejects.toThrow(
      'The image does not exist for linux/s390x',
    );
  });

  test('indexes of indexes are followed, but not without end', async () => {
    const maker = makeLayout();
    const nest = (child: Entry) => maker.manifest({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [child] });
    let entry: Entry = maker.manifest({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: [{ ...maker.image('oci', ['x']), ...platform('amd64') }],
    });
    for (let depth = 1; depth <= 4; depth++) {
      entry = nest(entry);
      maker.name(entry, `quay.io/nested:${depth}`);
    }
    expect((await fetched(maker, ['quay.io/nested:3'])).images[0]?.children).toHaveLength(4);
    await expect(fetched(maker, ['quay.io/nested:4'])).rejects.toThrow(/nested more than 4 deep/);
  });

  test('where no index says what a manifest is for, its configuration does', async () => {
    const maker = makeLayout();
    maker.name(maker.image('oci', ['a'], 'arm64'), 'quay.io/single:v1');
    const bare = [maker.image('oci', ['b'], 'arm64'), maker.image('oci', ['b'])];
    maker.name(maker.manifest({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: bare }), 'quay.io/bare:v1');
    expect((await fetched(maker, ['quay.io/bare:v1'])).images[0]?.children).toHaveLength(2);
    await expect(fetched(maker, ['quay.io/single:v1'])).rejects.toMatchObject({
      code: 'RELEASE_INVALID',
      message: 'The image does not exist for linux/amd64; it is for linux/arm64',
      where: expect.stringContaining('quay.io/single:v1'),
    });
  });

  test('artifacts that are no images are for every platform', async () => {
    const maker = makeLayout();
    const chart = maker.manifest({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: maker.blob('{}', 'application/vnd.cncf.helm.config.v1+json'),
      layers: [maker.blob('chart', 'application/vnd.cncf.helm.chart.content.v1.tar+gzip')],
    });
    maker.name(chart, 'quay.io/chart:v1');
    expect((await fetched(maker, ['quay.io/chart:v1'])).blobs.size).toBe(3);
  });

  test('the same image named by two components is one', async () => {
    const maker = makeLayout();
    maker.name(maker.image('oci', ['a']), 'quay.io/a:v1');
    expect((await fetched(maker, ['quay.io/a:v1', 'quay.io/a:v1'])).images).toHaveLength(1);
  });
});

describe('what is refused, by the name of the image', () => {
  const simple = () => {
    const maker = makeLayout();
    const image = maker.name(maker.image('oci', ['layer']), 'quay.io/a:v1');
    return { maker, image, layer: [...maker.blobs].find(([, bytes]) => String(bytes) === 'layer')?.[0] ?? '' };
  };
  const blob = (layout: string, digest: string) => join(layout, 'blobs/sha256', hexOf(digest));

  test.each<[string, string, RegExp, (layout: string, parts: { image: Entry; layer: string }) => Promise<void>]>([
    [
      'a missing blob',
      'RELEASE_INVALID',
      /cannot be read/,
      async (layout, { layer }) => {
        await rm(blob(layout, layer));
      },
    ],
    [
      'a changed blob',
      'VERIFICATION_FAILED',
      /is not what its digest says/,
      (layout, { layer }) => writeFile(blob(layout, layer), 'LAYER'),
    ],
    [
      'a blob of another size',
      'RELEASE_INVALID',
      /is not a file of 5 bytes/,
      (layout, { layer }) => writeFile(blob(layout, layer), 'layers'),
    ],
    [
      'a changed manifest',
      'VERIFICATION_FAILED',
      /was asked for, sha256:.* came/,
      (layout, { image }) => writeFile(blob(layout, image.digest), '{}'),
    ],
    ['no index', 'RELEASE_INVALID', /index.json is no JSON/, (layout) => writeFile(join(layout, 'index.json'), '')],
    [
      'an index without manifests',
      'RELEASE_INVALID',
      /no list of manifests/,
      (layout) => writeFile(join(layout, 'index.json'), '{}'),
    ],
    [
      'an index that does not name it',
      'RELEASE_INVALID',
      /does not name quay.io\/a:v1/,
      (layout) => writeFile(join(layout, 'index.json'), '{"manifests":[]}'),
    ],
    [
      'an index that says another size',
      'RELEASE_INVALID',
      /is named with 7/,
      async (layout) => {
        const text = await readFile(join(layout, 'index.json'), 'utf8');
        await writeFile(join(layout, 'index.json'), text.replace(/"size":\d+/, '"size":7'));
      },
    ],
    [
      'a folder in the place of a blob',
      'RELEASE_INVALID',
      /is not a file/,
      async (layout, { layer }) => {
        await rm(blob(layout, layer));
        await mkdir(blob(layout, layer));
      },
    ],
  ])('%s', async (_, code, message, spoil) => {
    const { maker, ...parts } = simple();
    const failing = fetched(maker, ['quay.io/a:v1'], { spoil: (layout) => spoil(layout, parts) });
    await expect(failing).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      where: expect.stringMatching(/^quay\.io\/a:v1, in the layout /),
    });
  });

  test('a tag that names two images', async () => {
    const { maker } = simple();
    maker.name(maker.image('oci', ['other']), 'quay.io/a:v1');
    await expect(fetched(maker, ['quay.io/a:v1'])).rejects.toThrow(/names two/);
  });

  test('a manifest whose layer has another size than it says, wherever the layer comes from', async () => {
    const { maker, layer } = simple();
    const config = maker.blob('{"os":"linux","architecture":"amd64"}', 'application/vnd.oci.image.config.v1+json');
    const lying = maker.manifest({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config,
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: layer, size: 6 }],
    });
    maker.name(lying, 'quay.io/b:v1');
    await expect(fetched(maker, ['quay.io/b:v1'])).rejects.toThrow(/is not a file of 6 bytes/);
    await expect(fetched(maker, ['quay.io/a:v1', 'quay.io/b:v1'])).rejects.toThrow(
      /(does not have the|not a file of) 6 bytes/,
    );
  });

  test('the same name from two places', async () => {
    const image = (directory: string): WantedImage => ({
      reference: 'quay.io/a:v1',
      source: { kind: 'layout', directory, reference: 'quay.io/a:v1' },
    });
    await inTemporaryDirectory(async (cache) => {
      const request = { images: [image('/one'), image('/two')], platforms: ['linux/amd64'] };
      await expect(fetchImages(request, buildContext(cache), keptReport())).rejects.toThrow(/asked for twice/);
    });
  });
});

describe('against a lock', () => {
  test('nothing else is taken, and both are told', () =>
    inTemporaryDirectory(async (directory) => {
      const maker = makeLayout();
      const children = [maker.image('oci', ['amd64']), maker.image('oci', ['arm64'], 'arm64')];
      maker.name(maker.index('oci', children), 'quay.io/a:v1');
      const layout = join(directory, 'layout');
      await maker.write(layout);
      const source = { kind: 'layout', directory: layout, reference: 'quay.io/a:v1' } as const;
      const image = { reference: 'quay.io/a:v1', source };
      const fetch = (cache: string, images: readonly WantedImage[], platforms = ['linux/amd64']) =>
        fetchImages({ images, platforms }, buildContext(join(directory, cache)), keptReport());
      const [locked] = (await fetch('one', [image])).images;
      if (locked === undefined) throw new Error('nothing was fetched');

      expect((await fetch('two', [{ ...image, locked }])).images).toEqual([locked]);
      await expect(fetch('two', [{ ...image, locked }], ['linux/amd64', 'linux/arm64'])).rejects.toMatchObject({
        code: 'RELEASE_INVALID',
        message: expect.stringMatching(
          /the lock has these of its index: .*amd64\); the platforms of the release need .*arm64/,
        ),
        hint: expect.stringContaining('--update-lock'),
      });

      const moved = makeLayout();
      const other = moved.name(moved.image('oci', ['other']), 'quay.io/a:v1');
      await moved.write(layout);
      expect((await fetch('two', [{ ...image, locked }])).images).toEqual([locked]);
      await expect(
        fetch('three', [{ ...image, locked: { ...locked, digest: `sha256:${'0'.repeat(64)}` } }]),
      ).rejects.toMatchObject({
        code: 'RELEASE_INVALID',
        message: `The image is not what the lock says: the lock has sha256:${'0'.repeat(64)}, found ${other.digest}`,
        where: expect.stringContaining('quay.io/a:v1'),
      });
    }));
});

describe('the layout of the disc', () => {
  const maker = makeLayout();
  const references = ['registry.k8s.io/b:v1', 'docker.io/library/a:v1', 'registry.example.com:5000/a/b:v1'];
  for (const [position, reference] of references.entries()) {
    maker.name(maker.image(position === 0 ? 'docker' : 'oci', ['shared', reference]), reference);
  }

  test('the same bytes in whatever order images are asked for', async () => {
    const all = await Promise.all([references, references.toReversed()].map((each) => fetched(maker, each)));
    const [one, two] = all.map(({ files }) =>
      files.map((file) => ({
        ...file,
        source: 'content' in file.source ? String(file.source.content) : file.source.sha256,
      })),
    );
    expect(one).toEqual(two);
    const paths = one?.map(({ path }) => path) ?? [];
    expect(paths).toEqual(paths.toSorted());
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths).toContain('images/oci-layout');
  });

  test('entries have both names in full, sorted', async () => {
    const { files } = await fetched(maker, references);
    const index = files.find(({ path }) => path === 'images/index.json');
    if (index === undefined || !('content' in index.source)) throw new Error('there is no index');
    const { manifests } = JSON.parse(new TextDecoder().decode(index.source.content)) as {
      manifests: { annotations: Record<string, string> }[];
    };
    expect(manifests.map(({ annotations }) => Object.values(annotations))).toEqual(
      references.toSorted().map((reference) => [reference, reference]),
    );
  });

  test('the catalogue is what the registry reads from it', async () => {
    const result = await fetched(maker, references);
    expect(
      catalogueOf(result).repositories.map(({ host, name, tags, blobs }) => [host, name, tags.length, blobs.length]),
    ).toEqual([
      ['docker.io', 'library/a', 1, 3],
      ['registry.example.com:5000', 'a/b', 1, 3],
      ['registry.k8s.io', 'b', 1, 3],
    ]);
  });
});
