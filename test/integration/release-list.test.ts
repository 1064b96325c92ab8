import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { type LoadedRelease, loadMirrors, loadRelease } from '../../src/release/load.ts';
import type { Mirrors } from '../../src/release/mirrors.ts';
import { fileSource, imageSource, repositorySource } from '../../src/release/sources.ts';
import { binaries } from '../support/release/binaries.ts';
import { type TestRelease, testRelease } from '../support/release/release.ts';
import { SHIPPED_LIST, writeMirrors } from '../support/release-mirrors.ts';
import { directoryOfTests } from '../support/test-directory.ts';

const report = (line: string) => void process.stderr.write(`${line}\n`);

let release: TestRelease;
let list: LoadedRelease;
let mirrors: Mirrors;
const scratch = directoryOfTests();

beforeAll(async () => {
  release = await testRelease({}, report);
  await writeMirrors(release, join(scratch, 'mirrors.yaml'));
  [list, mirrors] = await Promise.all([loadRelease(SHIPPED_LIST), loadMirrors(join(scratch, 'mirrors.yaml'))]);
});

describe('the list that ships', () => {
  test('is valid, without a warning', () => expect(list.warnings).toEqual([]));

  test('has what kubeadm of its version asks for, and nginx', async () => {
    const { kubernetes, components } = list.whole;
    const kubeadm = join(await binaries({ name: 'kubeadm', version: kubernetes }, report), 'kubeadm');
    const { stdout } = await execa(kubeadm, ['config', 'images', 'list', '--kubernetes-version', kubernetes]);
    const asked = [...stdout.split('\n'), `docker.io/library/nginx:${release.versions.nginx}`];
    expect(components[0]?.images.toSorted()).toEqual(asked.toSorted());
  });

  test('has the images that its manifests name, and their checksums', async () => {
    const calico = list.whole.components.find(({ name }) => name === 'calico');
    const named = new Set<string>();
    for (const { url, sha256 } of calico?.files ?? []) {
      const source = fileSource(mirrors, url);
      const content = source.kind === 'file' ? await readFile(source.path) : Buffer.alloc(0);
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
      for (const [, image] of content.toString().matchAll(/^\s+image: (\S+)$/gm)) if (image) named.add(image);
    }
    expect([...named].toSorted()).toEqual(calico?.images.toSorted());
  });

  test('comes from the test release alone when that is its mirror', async () => {
    const { components, packagePlatforms } = list.whole;
    for (const reference of components.flatMap(({ images }) => images)) {
      expect(imageSource(mirrors, reference)).toEqual({ kind: 'layout', directory: release.layout, reference });
      expect(release.images.map((image) => image.reference)).toContain(reference);
    }
    for (const repository of packagePlatforms.flatMap(({ repositories }) => repositories)) {
      const { url, keys, signedByUs } = repositorySource(mirrors, repository);
      expect(keys).toEqual([{ fingerprint: release.key.fingerprint, location: { file: release.key.armoured } }]);
      expect(signedByUs).toBe(false);
      expect((await stat(new URL('repodata/repomd.xml', url))).isFile()).toBe(true);
    }
  });

  test('asks for packages that the repositories of every platform have', async () => {
    const { components, packagePlatforms } = list.whole;
    const packages = components.flatMap((component) => component.packages);
    for (const platform of packagePlatforms) {
      const urls = platform.repositories.map((repository) => repositorySource(mirrors, repository).url);
      const here = packages.filter(({ platforms }) => platforms === undefined || platforms.includes(platform.name));
      const found = (await repoquery([...new Set(urls)])).split('\n');
      const lacking = here.filter(
        ({ name, version }) =>
          !found.some((line) => (version === undefined ? line.startsWith(`${name} `) : line === `${name} ${version}`)),
      );
      expect({ platform: platform.name, lacking }).toEqual({ platform: platform.name, lacking: [] });
    }
  });
});

/** Name and version of every package of some repositories. */
async function repoquery(urls: readonly string[]): Promise<string> {
  const folders = [
    '--setopt',
    `cachedir=${join(scratch, 'cache')}`,
    '--setopt',
    `logdir=${scratch}`,
    '--setopt',
    'reposdir=/dev/null',
  ];
  const repositories = urls.flatMap((url, index) => ['--repofrompath', `list-${index},${url}`]);
  const { stdout } = await execa(
    'dnf',
    [
      '--quiet',
      '--installroot',
      join(scratch, 'root'),
      '--releasever',
      '9',
      ...folders,
      ...repositories,
      'repoquery',
      '--qf',
      '%{name} %{version}',
    ],
    { env: { LC_ALL: 'C.UTF-8', HOME: scratch }, stdin: 'ignore' },
  );
  return stdout;
}
