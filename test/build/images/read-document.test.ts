import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../src/build/images/blob-store.ts';
import { readDocument } from '../../../src/build/images/read-document.ts';
import { MetalK8sError } from '../../../src/errors/metalk8s-error.ts';
import { LARGEST_MANIFEST } from '../../../src/registry/rules.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const OCI = 'application/vnd.oci.image.manifest.v1+json';
const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
const DOCKER = 'application/vnd.docker.distribution.manifest.v2+json';
const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';

const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: DIGEST, size: 3 };
const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: DIGEST, size: 4 };
const image = { schemaVersion: 2, config, layers: [layer] };
const index = { schemaVersion: 2, manifests: [{ mediaType: OCI, digest: DIGEST, size: 5 }] };

function read(value: unknown, mediaType?: string) {
  const content = Buffer.isBuffer(value)
    ? value
    : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  const descriptor = mediaType === undefined ? {} : { descriptor: { mediaType, size: content.length } };
  return readDocument({ digest: digestOf(content), content, ...descriptor }, 'example.com/a:v1');
}

describe('the type of a document that only a tag led to', () => {
  test.each<[string, unknown, string, string]>([
    ['an OCI image says so', { ...image, mediaType: OCI }, OCI, 'image'],
    ['a Docker image says so', { ...image, mediaType: DOCKER }, DOCKER, 'image'],
    ['a Docker list says so', { ...index, mediaType: DOCKER_LIST }, DOCKER_LIST, 'index'],
    ['an OCI image need not', image, OCI, 'image'],
    ['an OCI index need not', index, OCI_INDEX, 'index'],
  ])('%s', (_, document, mediaType, kind) => {
    const found = read(document);
    expect([found.descriptor.mediaType, found.kind]).toEqual([mediaType, kind]);
    expect(found.descriptor.size).toBe(JSON.stringify(document).length);
  });
});

describe('what cannot be carried', () => {
  test.each<[string, unknown, string | undefined, RegExp]>([
    ['no JSON', '{"config":', undefined, /is no JSON/],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), undefined, /is no JSON/],
    ['a mark before the JSON', Buffer.from('\ufeff{}'), undefined, /is no JSON/],
    ['a list', '[]', undefined, /no JSON object/],
    ['nothing', '', undefined, /is no JSON/],
    ['a web page', '<html></html>', undefined, /is no JSON/],
    ['schema 1', { schemaVersion: 1, fsLayers: [], history: [] }, undefined, /schema 1/],
    ['schema 1 in the dress of schema 2', { schemaVersion: 2, fsLayers: [] }, undefined, /schema 1/],
    ['image and index at once', { ...image, ...index }, undefined, /of an image and of an index/],
    ['an index named as an image', index, OCI, /has the parts of an index/],
    ['an image named as an index', image, OCI_INDEX, /has the parts of an image/],
    ['a key in another case', { ...image, Layers: [] }, undefined, /key "Layers"/],
    ['a type that nobody knows', { ...image, mediaType: 'text/plain' }, undefined, /"text\/plain"/],
    ['a type that is no text', { ...image, mediaType: 3 }, undefined, /no media type but 3/],
    ['another type than it is named with', { ...image, mediaType: DOCKER }, OCI, /it says to be/],
    [
      'the dropped artifact manifest',
      { mediaType: 'application/vnd.oci.artifact.manifest.v1+json', blobs: [] },
      undefined,
      /draft/,
    ],
    ['neither parts nor type', {}, undefined, /no media type but undefined/],
    ['a layer without digest', { ...image, layers: [{ ...layer, digest: 'md5:0' }] }, undefined, /no sha256 digest/],
    ['a size below nothing', { ...image, layers: [{ ...layer, size: -1 }] }, undefined, /is no size/],
    ['a size that is no number', { ...image, config: { ...config, size: '3' } }, undefined, /is no size/],
    [
      'a layer at an address',
      { ...image, layers: [{ ...layer, urls: ['http://169.254.169.254/'] }] },
      undefined,
      /address of its own/,
    ],
    [
      "Windows' foreign layer",
      {
        ...image,
        layers: [
          { ...layer, mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip', urls: ['https://e.com'] },
        ],
      },
      undefined,
      /address of its own/,
    ],
    ['layers that are no list', { ...image, layers: {} }, undefined, /is no list/],
    ['a config that is missing', { schemaVersion: 2, layers: [] }, undefined, /is no object/],
    ['deep nesting', `{"config":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, undefined, /is no object/],
  ])('%s', (_, document, mediaType, message) => {
    const error = failureOf(() => read(document, mediaType));
    expect(error).toMatchObject({ code: 'RELEASE_INVALID', where: 'example.com/a:v1' });
    expect(error.message).toMatch(message);
    expect(error.message.length).toBeLessThan(600);
  });

  test('more bytes than registries take', () => {
    const document = { ...image, annotations: { a: 'x'.repeat(LARGEST_MANIFEST) } };
    expect(failureOf(() => read(document)).message).toMatch(/at most 4393216/);
  });

  test('another size than it is named with', () => {
    const content = Buffer.from(JSON.stringify(image));
    const descriptor = { mediaType: OCI, size: content.length + 1 };
    expect(failureOf(() => readDocument({ digest: DIGEST, content, descriptor }, 'x')).message).toMatch(
      /is named with/,
    );
  });

  test('whatever it is, it is read or refused by name', () => {
    const keys = fc.constantFrom('schemaVersion', 'mediaType', 'config', 'layers', 'manifests', 'urls', 'x');
    const values = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(OCI, OCI_INDEX, 2, config, [layer], [null], index.manifests),
    );
    fc.assert(
      fc.property(
        fc.dictionary(keys, values),
        fc.constantFrom(undefined, OCI, OCI_INDEX, DOCKER),
        (document, mediaType) => {
          try {
            expect(['image', 'index']).toContain(read(document, mediaType).kind);
          } catch (error) {
            expect(error).toBeInstanceOf(MetalK8sError);
          }
        },
      ),
    );
  });
});

function failureOf(act: () => unknown): MetalK8sError {
  try {
    act();
  } catch (error) {
    if (error instanceof MetalK8sError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
