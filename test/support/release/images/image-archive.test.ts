import { expect, test } from 'vitest';
import { chooseManifests } from './image-archive.ts';

const manifests = ['registry.k8s.io/pause:3', 'docker.io/library/nginx:1'].map((reference, index) => ({
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${String(index).repeat(64)}`,
  size: 1,
  annotations: { 'org.opencontainers.image.ref.name': reference },
}));

test('keeps the wanted images in the wanted order, named as containerd reads names', () => {
  const chosen = chooseManifests(manifests, ['docker.io/library/nginx:1']);
  expect(chosen.map(({ annotations }) => annotations)).toEqual([
    {
      'org.opencontainers.image.ref.name': 'docker.io/library/nginx:1',
      'io.containerd.image.name': 'docker.io/library/nginx:1',
    },
  ]);
});

test('names an image that the layout has not, and those it has', () => {
  expect(() => chooseManifests(manifests, ['docker.io/library/redis:7'])).toThrow(
    'no image docker.io/library/redis:7, but registry.k8s.io/pause:3, docker.io/library/nginx:1',
  );
});
