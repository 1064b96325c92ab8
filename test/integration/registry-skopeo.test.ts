import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeCertificate, type TestCertificate } from '../support/registry/certificate.ts';
import { makeLayout } from '../support/registry/image-layout.ts';
import { podmanStorage } from '../support/registry/podman-storage.ts';
import { type ServedRegistry, serveRegistry } from '../support/registry/serve.ts';
import { directoryOfTests } from '../support/test-directory.ts';

describe('skopeo and podman over TLS, two archives merged', () => {
  const older = makeLayout();
  const newer = makeLayout();
  const children = ['amd64', 'arm64', 'ppc64le'].map((architecture) =>
    older.image('oci', ['base', architecture], architecture),
  );
  const index = older.name(older.index('oci', children), 'quay.io/a/complete:v1');
  const list = older.name(older.index('docker', [older.image('docker', ['only'])]), 'docker.io/a/list:v1');
  const oldImage = older.name(older.image('docker', ['old']), 'registry.k8s.io/a/moved:latest');
  older.name(older.image('docker', ['old two']), 'registry.k8s.io/a/moved:v1');
  const same = older.name(older.image('oci', ['same']), 'registry.k8s.io/a/same:v1');
  newer.name(newer.image('oci', ['same']), 'registry.k8s.io/a/same:v1');
  const newImage = newer.name(newer.image('docker', ['new']), 'registry.k8s.io/a/moved:latest');
  newer.name(newer.image('docker', ['new two']), 'registry.k8s.io/a/moved:v2');
  newer.name(newer.image('oci', ['under another host']), 'docker.io/a/complete:v1');

  const empty = newer.name(newer.image('oci', []), 'registry.k8s.io/a/empty:v1');

  let registry: ServedRegistry;
  let certificate: TestCertificate;
  const directory = directoryOfTests();

  beforeAll(async () => {
    registry = await serveRegistry({
      archives: { '136.1.0': newer, '136.0.0': older },
      tls: async (folder) => {
        certificate = await makeCertificate(folder);
        return certificate;
      },
    });
  });
  afterAll(() => registry?.close());

  test('what differs between the archives is told', () => {
    expect(registry.differingTags).toEqual([
      {
        repository: 'registry.k8s.io/a/moved',
        tag: 'latest',
        digests: [
          { archive: '136.1.0', digest: newImage.digest },
          { archive: '136.0.0', digest: oldImage.digest },
        ],
      },
    ]);
  });

  test('inspect: a tag of both comes from the newer, a digest from either', async () => {
    const digestOf = async (reference: string) => (JSON.parse(await inspect(reference)) as { Digest: string }).Digest;
    expect(await digestOf('registry.k8s.io/a/moved:latest')).toBe(newImage.digest);
    expect(await digestOf(`registry.k8s.io/a/moved@${oldImage.digest}`)).toBe(oldImage.digest);
    expect(await digestOf('registry.k8s.io/a/same:v1')).toBe(same.digest);
    expect(await digestOf('quay.io/a/complete:v1')).toBe(index.digest);
    expect(await digestOf('docker.io/a/complete:v1')).not.toBe(index.digest);
    expect(await digestOf('docker.io/a/list:v1')).toBe(list.digest);
  });

  test('inspect --raw is the manifest, byte for byte', async () => {
    expect(await inspect('quay.io/a/complete:v1', '--raw')).toBe(String(older.blobs.get(index.digest)));
  });

  test('list-tags: those of both archives', async () => {
    const { stdout } = await skopeo(
      'list-tags',
      '--cert-dir',
      certificate.authorityDirectory,
      `docker://${at('registry.k8s.io/a/moved')}`,
    );
    expect((JSON.parse(stdout) as { Tags: string[] }).Tags).toEqual(['latest', 'v1', 'v2']);
  });

  test('copy --all of a complete index: every platform, every blob, the same digest', async () => {
    const target = join(directory, 'complete');
    await copy('quay.io/a/complete:v1', `oci:${target}:v1`);
    const { manifests } = JSON.parse(await readFile(join(target, 'index.json'), 'utf8')) as {
      manifests: { digest: string }[];
    };
    expect(manifests.map(({ digest }) => digest)).toEqual([index.digest]);
    const blobs = await readdir(join(target, 'blobs/sha256'));
    const expected = older.layout().sizes;
    for (const blob of blobs) expect(expected.has(`sha256:${blob}`)).toBe(true);
    expect(blobs).toHaveLength(1 + 3 * 2 + 1 + 3);
  });

  test('copy of Docker types keeps their digest', async () => {
    await copy('registry.k8s.io/a/moved:latest', `dir:${join(directory, 'docker')}`);
    const manifest = await readFile(join(directory, 'docker/manifest.json'));
    expect(manifest.equals(newer.blobs.get(newImage.digest) ?? Buffer.of())).toBe(true);
  });

  test('what is not there is said to be unknown', async () => {
    await expect(inspect('registry.k8s.io/a/moved:v3')).rejects.toThrow(/manifest unknown/);
    await expect(inspect('registry.k8s.io/a/nothing:v3')).rejects.toThrow(/name unknown/);
  });

  test('without the CA, nothing is read', async () => {
    await expect(skopeo('inspect', `docker://${at('registry.k8s.io/a/same:v1')}`)).rejects.toThrow(/certificate/);
  });

  test('podman pulls by tag and by digest', async () => {
    const storage = podmanStorage(directory);
    const pull = (reference: string) =>
      execa('podman', [...storage, 'pull', '--quiet', '--cert-dir', certificate.authorityDirectory, at(reference)]);
    for (const reference of ['registry.k8s.io/a/empty:v1', `registry.k8s.io/a/empty@${empty.digest}`]) {
      expect((await pull(reference)).stdout).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  function at(reference: string): string {
    return `127.0.0.1:${registry.nginx.port}/${reference}`;
  }

  async function inspect(reference: string, ...words: string[]): Promise<string> {
    const options = { stripFinalNewline: false };
    const command = ['inspect', ...words, '--cert-dir', certificate.authorityDirectory, `docker://${at(reference)}`];
    return (await execa('skopeo', command, options)).stdout;
  }

  function skopeo(...words: string[]) {
    return execa('skopeo', words);
  }

  async function copy(reference: string, target: string): Promise<void> {
    const from = ['--src-cert-dir', certificate.authorityDirectory, `docker://${at(reference)}`];
    await skopeo('copy', '--all', '--preserve-digests', '--quiet', ...from, target);
  }
});
