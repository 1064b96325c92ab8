import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedImport, writeSeedArchive } from '../../src/archive/seed-archive.ts';
import { fetchImages } from '../../src/build/images/fetch-images.ts';
import { catalogueOf, layoutFiles } from '../../src/build/images/layout-files.ts';
import { registryTemplates } from '../../src/product/registry-templates.ts';
import { registryConfiguration } from '../../src/registry/nginx-configuration.ts';
import { buildContext, keptReport } from '../support/build/build-context.ts';
import { writeDisc } from '../support/build/write-disc.ts';
import { startContainerd, type TestContainerd } from '../support/registry/containerd.ts';
import { type CriImage, criImages } from '../support/registry/cri-images.ts';
import { type Entry, makeLayout } from '../support/registry/image-layout.ts';
import { freePort, type RunningNginx, startNginx, writeFiles } from '../support/registry/nginx.ts';
import { podmanStorage } from '../support/registry/podman-storage.ts';
import { testRelease } from '../support/release/release.ts';
import { directoryOfTests } from '../support/test-directory.ts';

const PLATFORM = 'linux/amd64';
const say = (line: string) => process.stderr.write(`${line}\n`);

describe('the image layout of the disc', () => {
  const maker = makeLayout();
  const named: Record<'oci' | 'index' | 'docker' | 'list', Entry> = {
    oci: maker.name(maker.image('oci', []), 'registry.k8s.io/a/oci:v1'),
    index: maker.name(
      maker.index('oci', [maker.image('oci', ['amd64']), maker.image('oci', ['arm64'], 'arm64')]),
      'registry.example.com:5000/index:v1',
    ),
    docker: maker.name(maker.image('docker', ['docker']), 'docker.io/library/docker:v1'),
    list: maker.name(maker.index('docker', [maker.image('docker', ['listed'])]), 'docker.io/library/list:v1'),
  };
  const references = [
    'registry.k8s.io/a/oci:v1',
    'registry.example.com:5000/index:v1',
    'docker.io/library/docker:v1',
    'docker.io/library/list:v1',
  ];
  const directory = directoryOfTests();
  let layout: string;
  let nginx: RunningNginx;

  beforeAll(async () => {
    layout = join(directory, 'disc/images');
    await maker.write(join(directory, 'source'));
    const images = references.map((reference) => ({
      reference,
      source: { kind: 'layout', directory: join(directory, 'source'), reference } as const,
    }));
    const cache = join(directory, 'cache');
    const fetched = await fetchImages({ images, platforms: [PLATFORM] }, buildContext(cache), keptReport());
    await writeDisc(join(directory, 'disc'), layoutFiles(fetched, cache));
    const port = await freePort();
    const { nginx: configuration } = registryConfiguration(
      [{ name: '136.0.0', catalogue: catalogueOf(fetched), blobs: join(layout, 'blobs/sha256'), packages: directory }],
      { listen: [{ address: '127.0.0.1', port }], stateDirectory: directory },
      await registryTemplates(),
    );
    await writeFiles(directory, { 'nginx.conf': configuration });
    nginx = await startNginx({ directory, port, configuration: join(directory, 'nginx.conf') });
  });
  afterAll(() => nginx?.stop());

  const skopeo = (...words: string[]) => execa('skopeo', words, { stripFinalNewline: false });

  test.each(['oci', 'index'] as const)('skopeo reads OCI types by their full name: %s', async (which) => {
    const source = `oci:${layout}:${which === 'oci' ? references[0] : references[1]}`;
    const { stdout } = await skopeo('inspect', '--raw', source);
    expect(stdout).toBe(String(maker.blobs.get(named[which].digest)));
    await skopeo('copy', '--quiet', source, `dir:${join(directory, which)}`);
    expect(JSON.parse(await readFile(join(directory, which, 'manifest.json'), 'utf8'))).toHaveProperty('layers');
  });

  test('podman reads them too', async () => {
    const storage = podmanStorage(directory);
    // podman names the image by the path, and takes no capital letters for that.
    const source = `oci:disc/images:${references[0]}`;
    const { stdout } = await execa('podman', [...storage, 'pull', '--quiet', source], { cwd: directory });
    expect(stdout).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each(['docker', 'list'] as const)(
    'Docker types keep type and digest; through the registry every skopeo reads them: %s',
    async (which) => {
      const { mediaType, digest, size } = named[which];
      const { manifests } = JSON.parse(await readFile(join(layout, 'index.json'), 'utf8')) as { manifests: Entry[] };
      expect(manifests).toContainEqual(expect.objectContaining({ mediaType, digest, size }));
      const source = `docker://127.0.0.1:${nginx.port}/docker.io/library/${which}:v1`;
      const target = join(directory, `copy-${which}`);
      await mkdir(target);
      const exact = ['--all', '--preserve-digests', '--quiet', '--src-tls-verify=false'];
      await skopeo('copy', ...exact, source, `dir:${target}`);
      expect(await readFile(join(target, 'manifest.json'))).toEqual(maker.blobs.get(digest));
    },
  );
});

describe('a seed archive', () => {
  const references = ['registry.k8s.io/pause:', 'docker.io/library/nginx:', 'docker.io/library/busybox:'];
  const directory = directoryOfTests();
  let containerd: TestContainerd;
  let images: { reference: string; digest: string; mediaType: string }[];
  let layout: string;

  beforeAll(async () => {
    const release = await testRelease({}, say);
    layout = release.layout;
    images = references.flatMap((prefix) => release.images.find(({ reference }) => reference.startsWith(prefix)) ?? []);
    containerd = await startContainerd(say, { cri: true });
  });
  afterAll(() => containerd?.stop());

  test('is imported by ctr: the kubelet finds its images by tag and by digest, and is told to keep them', async () => {
    expect(images).toHaveLength(3);
    expect(new Set(images.map(({ mediaType }) => mediaType)).size).toBe(3);
    const output = join(directory, 'seed.tar');
    await writeSeedArchive({
      layout,
      references: images.map(({ reference }) => reference),
      platform: PLATFORM,
      output,
    });
    const { failed, output: said } = await containerd.ctr(...seedImport(output));
    expect([failed, failed ? said : '']).toEqual([false, '']);
    const byTag = (left: CriImage, right: CriImage) => ((left.tags[0] ?? '') < (right.tags[0] ?? '') ? -1 : 1);
    const wanted = images.map(({ reference, digest }) => ({
      tags: [reference],
      digests: [`${reference.slice(0, reference.lastIndexOf(':'))}@${digest}`],
      pinned: true,
    }));
    await expect
      .poll(async () => (await criImages(containerd.socket)).sort(byTag), { timeout: 20_000 })
      .toEqual(wanted.sort(byTag));
  });
});
