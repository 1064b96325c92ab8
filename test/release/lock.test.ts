import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkAgainstLock } from '../../src/release/check-against-lock.ts';
import type { Lock } from '../../src/release/lock.ts';
import { lockDifferences, refuseDifferences } from '../../src/release/lock-differences.ts';
import type { Release } from '../../src/release/release.ts';
import { renderLock } from '../../src/release/render-lock.ts';
import { exampleLock, sha } from './examples.ts';

const [image, other] = exampleLock.images as [Lock['images'][0], Lock['images'][0]];
const [socat, kubelet] = exampleLock.packages as [Lock['packages'][0], Lock['packages'][0]];

describe('the text of a lock', () => {
  it('is as follows', () => {
    expect(renderLock({ ...exampleLock, images: [image], packages: [kubelet] })).toBe(`\
# What a release list came to: every image by digest, every package and file by checksum.
# Written by \`metalk8s build-iso --update-lock\`. A build against it refuses anything else.
apiVersion: metalk8s.scality.com/v1alpha1
kind: ReleaseLock
version: 136.0.0
images:
  - reference: registry.k8s.io/pause:3.10.2
    digest: sha256:${sha('a')}
    mediaType: application/vnd.oci.image.index.v1+json
    size: 1200
    children:
      - digest: sha256:${sha('d')}
      - digest: sha256:${sha('b')}
        platform: linux/amd64
      - digest: sha256:${sha('c')}
        platform: linux/arm64
packages:
  - platform: el9/x86_64
    name: kubelet
    epoch: "0"
    version: 1.36.3
    release: 1.el9
    arch: x86_64
    repository: kubernetes
    sha256: "${sha('9')}"
    size: 20000000
files:
  - url: https://files.example.com/crds.yaml
    sha256: "${sha('5')}"
    size: 4000
`);
  });

  it('is the same whatever the order of entries and keys', () => {
    const shuffled = fc
      .tuple(
        fc.shuffledSubarray([...exampleLock.images], { minLength: 2 }),
        fc.shuffledSubarray([...exampleLock.packages], { minLength: 2 }),
        fc.shuffledSubarray([...image.children], { minLength: 3 }),
      )
      .map(([images, packages, children]) => ({
        ...exampleLock,
        images: images.map((one) => (one === image ? { ...one, children } : one)),
        packages,
      }));
    fc.assert(fc.property(shuffled, (lock) => renderLock(lock) === renderLock(exampleLock)));
  });
});

const release: Release = {
  version: '136.0.0',
  date: '2026-11-21',
  kubernetes: '1.36.3',
  imagePlatforms: ['linux/amd64'],
  packagePlatforms: [
    {
      name: 'el9/x86_64',
      releasever: '9',
      modulePlatform: 'platform:el9',
      base: [],
      repositories: ['baseos', 'kubernetes'].map((id) => ({
        id,
        url: `https://${id}.example.com/`,
        keys: [],
        signedByUs: true,
      })),
    },
  ],
  components: [
    {
      name: 'core',
      images: [image.reference],
      packages: [{ name: 'kubelet', version: '1.36.3', roles: ['node'] }],
      files: [],
    },
    {
      name: 'calico',
      images: [other.reference],
      packages: [],
      files: [{ path: 'crds.yaml', url: 'https://files.example.com/crds.yaml' }],
    },
  ],
};
const core: Release = { ...release, components: release.components.slice(0, 1) };

function faults(
  lock: Lock,
  { chosen = release, whole = release }: { chosen?: Release; whole?: Release } = {},
): string[] {
  try {
    checkAgainstLock({ release: chosen, whole }, { lock, file: 'release.lock.yaml' });
    return [];
  } catch (error) {
    expect(error).toMatchObject({
      code: 'RELEASE_INVALID',
      where: 'release.lock.yaml',
      hint: expect.stringContaining('--update-lock'),
    });
    return (error as Error).message.split('\n').slice(1);
  }
}

describe('a lock and a release list', () => {
  it('go together, also when components are left out', () => {
    expect(faults(exampleLock)).toEqual([]);
    expect(faults(exampleLock, { chosen: core })).toEqual([]);
  });

  it('go together when the lock holds only what was chosen, and that is built', () => {
    const locked = { ...exampleLock, images: [image], files: [] };
    expect(faults(locked, { chosen: core })).toEqual([]);
    expect(faults(locked)).toEqual([
      'it lacks docker.io/calico/node:v3.28.5',
      'it lacks https://files.example.com/crds.yaml',
    ]);
  });

  it('of different versions do not', () => {
    expect(faults({ ...exampleLock, version: '136.0.1' })).toEqual(['it is of version 136.0.1, the list of 136.0.0']);
  });

  it('with different entries do not; everything is named at once', () => {
    const lock: Lock = {
      ...exampleLock,
      images: [image, { ...other, reference: 'docker.io/calico/node:v3.28.6' }],
      packages: [socat, { ...kubelet, platform: 'el10/x86_64' }, { ...socat, name: 'socat2', repository: 'epel' }],
      files: [{ url: 'https://files.example.com/old.yaml', sha256: sha('5'), size: 1 }],
    };
    expect(faults(lock)).toEqual([
      'it lacks the package kubelet for el9/x86_64',
      'it lacks docker.io/calico/node:v3.28.5',
      'it lacks https://files.example.com/crds.yaml',
      'it has docker.io/calico/node:v3.28.6, which the list does not name',
      'it has https://files.example.com/old.yaml, which the list does not name',
      'it has packages for el10/x86_64, which the list does not name',
      'it has packages for el9/x86_64 from epel, a repository that the list does not name',
    ]);
  });

  it('that pin different things do not', () => {
    const pinned = structuredClone(release) as unknown as {
      components: { files: { sha256?: string }[]; packages: { version: string }[] }[];
    };
    Object.assign(pinned.components[1]?.files[0] ?? {}, { sha256: sha('6') });
    Object.assign(pinned.components[0]?.packages[0] ?? {}, { version: '1.36.4' });
    const whole = pinned as unknown as Release;
    expect(faults(exampleLock, { chosen: whole, whole })).toEqual([
      'it has 1.36.3 of the package kubelet for el9/x86_64, the list asks for 1.36.4',
      `it has ${sha('5')} of https://files.example.com/crds.yaml, the list asks for ${sha('6')}`,
    ]);
  });
});

describe('what was built and a lock', () => {
  const against = { lock: exampleLock, file: 'release.lock.yaml' };

  it('are the same in any order', () => {
    const reversed = {
      ...exampleLock,
      images: exampleLock.images.toReversed(),
      packages: exampleLock.packages.toReversed(),
    };
    expect(lockDifferences(exampleLock, reversed)).toEqual([]);
    expect(() => refuseDifferences(against, reversed, { partial: false })).not.toThrow();
  });

  const changes: [what: string, built: Lock, expected: string][] = [
    [
      'another digest',
      { ...exampleLock, images: [image, { ...other, digest: `sha256:${sha('f')}` }] },
      `docker.io/calico/node:v3.28.5: expected sha256:${sha('e')} (application/vnd.docker.distribution.manifest.v2+json, 700 bytes), found sha256:${sha('f')} (application/vnd.docker.distribution.manifest.v2+json, 700 bytes)`,
    ],
    [
      'another child',
      { ...exampleLock, images: [{ ...image, children: image.children.slice(1) }, other] },
      `; with linux/amd64 sha256:${sha('b')}, no platform sha256:${sha('d')}`,
    ],
    [
      'another package',
      { ...exampleLock, packages: [{ ...socat, release: '2.el9' }, kubelet] },
      `package socat.x86_64 for el9/x86_64: expected 0:1.8.0-1.el9 from baseos, sha256:${sha('9')} (20000000 bytes), found 0:1.8.0-2.el9 from baseos, sha256:${sha('9')} (20000000 bytes)`,
    ],
    [
      'one more package',
      { ...exampleLock, packages: [...exampleLock.packages, { ...socat, name: 'extra' }] },
      'package extra.x86_64 for el9/x86_64: not in the lock, found 0:1.8.0-1.el9 from baseos',
    ],
    [
      'another file',
      { ...exampleLock, files: [{ url: 'https://files.example.com/crds.yaml', sha256: sha('5'), size: 4001 }] },
      `https://files.example.com/crds.yaml: expected sha256:${sha('5')} (4000 bytes), found sha256:${sha('5')} (4001 bytes)`,
    ],
  ];
  it.each(changes)('differ by %s, which is refused whatever was chosen', (_, built, expected) => {
    expect(lockDifferences(exampleLock, built)).toHaveLength(1);
    for (const partial of [true, false]) {
      expect(() => refuseDifferences(against, built, { partial })).toThrow(
        expect.objectContaining({
          code: 'VERIFICATION_FAILED',
          where: 'release.lock.yaml',
          message: expect.stringContaining(expected),
        }),
      );
    }
  });

  it('differ by what was not built, which is refused unless components were left out', () => {
    const built = { ...exampleLock, images: [image], files: [] };
    expect(lockDifferences(exampleLock, built)).toEqual([
      { what: other.reference, expected: expect.stringContaining(other.digest) },
      { what: 'https://files.example.com/crds.yaml', expected: expect.stringContaining(sha('5')) },
    ]);
    expect(() => refuseDifferences(against, built, { partial: true })).not.toThrow();
    expect(() => refuseDifferences(against, built, { partial: false })).toThrow(/in the lock, not found/);
  });
});
