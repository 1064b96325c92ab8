import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { list } from 'tar';
import { describe, expect, test } from 'vitest';
import { seedImport, writeSeedArchive } from '../../src/archive/seed-archive.ts';
import { type Entry, type LayoutMaker, makeLayout } from '../support/registry/image-layout.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';

const REFERENCE = 'registry.k8s.io/pause:3.10.2';

interface Seed {
  /** Content by path. */
  readonly files: ReadonlyMap<string, Buffer>;
  readonly bytes: Buffer;
}

async function seedOf(
  maker: LayoutMaker,
  references: readonly string[],
  spoil?: (layout: string) => Promise<void>,
): Promise<Seed> {
  return inTemporaryDirectory(async (directory) => {
    const layout = join(directory, 'images');
    const output = join(directory, 'seed.tar');
    await maker.write(layout);
    await spoil?.(layout);
    try {
      await writeSeedArchive({ layout, references, platform: 'linux/amd64', output });
    } catch (error) {
      expect((await readdir(directory)).sort()).toEqual(['images']);
      throw error;
    }
    expect((await readdir(directory)).sort()).toEqual(['images', 'seed.tar']);
    const files = new Map<string, Buffer>();
    await list({
      file: output,
      strict: true,
      onReadEntry: (entry) => {
        const parts: Buffer[] = [];
        entry.on('data', (part) => parts.push(part)).on('end', () => files.set(entry.path, Buffer.concat(parts)));
      },
    });
    return { files, bytes: await readFile(output) };
  });
}

function sample() {
  const maker = makeLayout();
  const children = [maker.image('oci', ['amd64', 'x'.repeat(700)]), maker.image('oci', ['arm64'], 'arm64')];
  const index = maker.name(maker.index('oci', children), REFERENCE);
  const docker = maker.name(maker.image('docker', ['docker', '']), 'docker.io/library/nginx:1');
  maker.name(maker.image('oci', ['not wanted']), 'docker.io/library/other:1');
  return { maker, index, docker };
}

const pathOf = ({ digest }: Pick<Entry, 'digest'>) => `blobs/sha256/${digest.slice('sha256:'.length)}`;

test('holds what the host needs of the images, byte for byte, and nothing else', async () => {
  const { maker, docker } = sample();
  const { files } = await seedOf(maker, [REFERENCE, 'docker.io/library/nginx:1']);
  const blobs = [...files].filter(([path]) => path.startsWith('blobs/'));
  for (const [path, content] of blobs)
    expect(content).toEqual(maker.blobs.get(path.replace('blobs/sha256/', 'sha256:')));
  expect(files.has(pathOf(docker))).toBe(true);
  // The index, its child for this host with a configuration and two layers, and the other image with as many.
  expect(blobs).toHaveLength(1 + 4 + 4);
  expect([...files.keys()].slice(0, 2)).toEqual(['oci-layout', 'index.json']);
});

test('names each image by tag and by digest', async () => {
  const { maker, index } = sample();
  const { files } = await seedOf(maker, [REFERENCE]);
  const { manifests } = JSON.parse(String(files.get('index.json'))) as { manifests: Entry[] };
  expect(manifests.map(({ digest, annotations }) => [digest, annotations?.['io.containerd.image.name']])).toEqual([
    [index.digest, REFERENCE],
    [index.digest, `registry.k8s.io/pause@${index.digest}`],
  ]);
});

test('finds an image that is asked for by its digest, and names it by that', async () => {
  const { maker, index, docker } = sample();
  const reference = `docker.io/library/nginx@${docker.digest}`;
  const { files } = await seedOf(maker, [reference]);
  const { manifests } = JSON.parse(String(files.get('index.json'))) as { manifests: Entry[] };
  expect(manifests.map(({ digest, annotations }) => [digest, annotations?.['io.containerd.image.name']])).toEqual([
    [docker.digest, reference],
  ]);
  // The same bytes under another name are another image.
  const other = seedOf(maker, [`docker.io/library/nginx@${index.digest}`]);
  await expect(other).rejects.toThrow('does not name docker.io/library/nginx@');
});

test('the same images make the same bytes', async () => {
  const { maker } = sample();
  const one = await seedOf(maker, [REFERENCE, 'docker.io/library/nginx:1']);
  const two = await seedOf(maker, ['docker.io/library/nginx:1', REFERENCE]);
  expect(one.bytes.equals(two.bytes)).toBe(true);
});

describe('a layout that lacks something leaves nothing behind', () => {
  const { maker, docker } = sample();
  const layer = maker.blob('docker', 'x');

  test.each<[string, RegExp, readonly string[], (layout: string) => Promise<void>]>([
    ['an image', /does not name docker.io\/library\/none:1/, ['docker.io/library/none:1'], async () => {}],
    ['a manifest', /cannot be read/, ['docker.io/library/nginx:1'], (layout) => rm(join(layout, pathOf(docker)))],
    [
      'bytes of a layer',
      /does not have the 6 bytes/,
      ['docker.io/library/nginx:1'],
      (layout) => writeFile(join(layout, pathOf(layer)), 'dock'),
    ],
    [
      'an end of a layer',
      /does not have the 6 bytes/,
      ['docker.io/library/nginx:1'],
      (layout) => writeFile(join(layout, pathOf(layer)), 'docker and more'),
    ],
    ['its index', /cannot be read/, [REFERENCE], (layout) => rm(join(layout, 'index.json'))],
  ])('%s', async (_, message, references, spoil) => {
    await expect(seedOf(maker, references, spoil)).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      message: expect.stringMatching(message),
      hint: expect.stringContaining('Verify the archive'),
    });
  });
});

test('a place that cannot be written to is named', () =>
  inTemporaryDirectory(async (directory) => {
    const { maker } = sample();
    await maker.write(directory);
    const output = join(directory, 'nowhere/seed.tar');
    const request = { layout: directory, references: [REFERENCE], platform: 'linux/amd64', output };
    await expect(writeSeedArchive(request)).rejects.toMatchObject({ code: 'STEP_FAILED', where: output });
  }));

test('is imported with the label that pins, by the way that is durable', () => {
  expect(seedImport('/tmp/seed.tar').join(' ')).toBe(
    '--namespace k8s.io images import --local --label io.cri-containerd.pinned=pinned /tmp/seed.tar',
  );
});
