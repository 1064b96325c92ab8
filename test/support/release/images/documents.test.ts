import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { imageDocuments } from './documents.ts';

const layer = { digest: `sha256:${'1'.repeat(64)}`, size: 10, diffId: `sha256:${'2'.repeat(64)}` };
const variant = (architecture: 'amd64' | 'arm64') => ({ architecture, config: { Entrypoint: ['/pause'] } });

test.each([
  ['oci', 'application/vnd.oci.image.manifest.v1+json', 'application/vnd.oci.image.layer.v1.tar+gzip'],
  [
    'docker',
    'application/vnd.docker.distribution.manifest.v2+json',
    'application/vnd.docker.image.rootfs.diff.tar.gzip',
  ],
] as const)('an %s image for one processor is a manifest of that format', (format, type, layerType) => {
  const { descriptor, blobs } = imageDocuments({ format, indexed: false, variants: [variant('amd64')] }, [[layer]]);
  expect(descriptor.mediaType).toBe(type);
  const manifest = read(blobs, descriptor.digest);
  expect(manifest).toMatchObject({ schemaVersion: 2, mediaType: type, layers: [{ mediaType: layerType, size: 10 }] });
  expect(read(blobs, manifest.config.digest)).toMatchObject({
    architecture: 'amd64',
    os: 'linux',
    config: { Entrypoint: ['/pause'] },
    rootfs: { type: 'layers', diff_ids: [layer.diffId] },
  });
});

test('an index has one manifest for each processor', () => {
  const variants = [variant('amd64'), variant('arm64')];
  const { descriptor, blobs } = imageDocuments({ format: 'oci', indexed: true, variants }, [[layer], [layer]]);
  expect(descriptor.mediaType).toBe('application/vnd.oci.image.index.v1+json');
  const platforms = read(blobs, descriptor.digest).manifests.map((each: { platform: unknown }) => each.platform);
  expect(platforms).toEqual([
    { architecture: 'amd64', os: 'linux' },
    { architecture: 'arm64', os: 'linux' },
  ]);
});

test('digests and sizes are those of the documents', () => {
  const { blobs } = imageDocuments({ format: 'docker', indexed: true, variants: [variant('amd64')] }, [[layer]]);
  expect(blobs).toHaveLength(3);
  for (const { digest, content } of blobs) {
    expect(digest).toBe(`sha256:${createHash('sha256').update(content).digest('hex')}`);
  }
});

function read(blobs: readonly { readonly digest: string; readonly content: string }[], digest: string) {
  return JSON.parse(blobs.find((blob) => blob.digest === digest)?.content ?? 'null');
}
