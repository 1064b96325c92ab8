import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadLock, loadMirrors, loadRelease } from '../../src/release/load.ts';
import { renderLock } from '../../src/release/render-lock.ts';
import { directoryOfTest } from '../support/test-directory.ts';
import { exampleLock, listText, shippedText } from './examples.ts';

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await directoryOfTest();
  file = join(directory, 'file.yaml');
});

describe('a release list', () => {
  it('is loaded with its defaults', async () => {
    await writeFile(file, listText('    packages: []'));
    const loaded = await loadRelease(file);
    expect(loaded).toEqual({ release: loaded.whole, whole: loaded.whole, warnings: [] });
    expect(loaded.whole).toEqual({
      version: '136.0.0',
      date: '2026-11-21',
      kubernetes: '1.36.3',
      imagePlatforms: ['linux/amd64'],
      packagePlatforms: [],
      components: [{ name: 'core', images: [], packages: [], files: [] }],
    });
  });

  it('has core first, fingerprints in upper case, and roles for every package', async () => {
    const text = shippedText
      .replace('  - name: core', '  - name: extra\n    packages: [{name: jq}]\n  - name: core')
      .replace('DE15B14486CD377B9E876E1A234654DA9A296436', 'de15b14486cd377b9e876e1a234654da9a296436');
    await writeFile(file, text);
    const { release } = await loadRelease(file);
    expect(release.components.map(({ name }) => name)).toEqual(['core', 'extra', 'calico']);
    expect(release.components[1]?.packages).toEqual([{ name: 'jq', roles: ['node'] }]);
    expect(JSON.stringify(release)).toContain('DE15B14486CD377B9E876E1A234654DA9A296436');
  });

  it.each([
    [['core'], ['core']],
    [[], ['core']],
    [['calico'], ['core', 'calico']],
    [
      ['calico', 'core', 'calico'],
      ['core', 'calico'],
    ],
  ])('with the components %j has %j', async (components, expected) => {
    await writeFile(file, shippedText);
    const { release, whole } = await loadRelease(file, { components });
    expect(release.components.map(({ name }) => name)).toEqual(expected);
    expect(whole.components).toHaveLength(2);
  });

  it.each([
    ['calcio', 'Did you mean "calico"? There are: core, calico.'],
    ['storage', 'There are: core, calico.'],
    ['', 'There are: core, calico.'],
  ])('has no component %j, and says which there are', async (name, hint) => {
    await writeFile(file, shippedText);
    await expect(loadRelease(file, { components: ['core', name] })).rejects.toMatchObject({ code: 'USAGE', hint });
  });

  it('warns when it is for no whole cluster', async () => {
    await writeFile(file, listText('    images: [registry.k8s.io/pause:3.10.2]'));
    const { warnings } = await loadRelease(file);
    expect(warnings).toMatchObject([
      { severity: 'warning', line: 8, message: expect.stringContaining('registry.k8s.io/etcd') },
    ]);
  });

  it('throws one error with every finding for an invalid one', async () => {
    await writeFile(file, listText('    image: []', '    files: {}'));
    await expect(loadRelease(file)).rejects.toMatchObject({
      code: 'RELEASE_INVALID',
      where: file,
      message: expect.stringMatching(/^the release list is invalid\n.*:8:5: error: .*"images"\?\n.*:9:12: error: /),
    });
  });

  it.each([
    ['is not there', () => join(directory, 'missing.yaml'), 'cannot be read'],
    ['is a directory', () => directory, 'cannot be read'],
    ['never ends', () => '/dev/zero', 'has more than'],
  ])('that %s is told', async (_, path, message) => {
    await expect(loadRelease(path())).rejects.toMatchObject({
      code: 'RELEASE_INVALID',
      where: path(),
      message: expect.stringContaining(message),
      hint: expect.stringMatching(/./),
    });
  });

  it('that is no UTF-8 is told', async () => {
    await writeFile(file, Buffer.from([0xff, 0xfe, 0x00]));
    await expect(loadRelease(file)).rejects.toMatchObject({
      code: 'RELEASE_INVALID',
      message: 'the release list is not UTF-8 text',
    });
  });
});

describe('a lock', () => {
  it('is what was rendered', async () => {
    await writeFile(file, renderLock(exampleLock));
    const lock = await loadLock(file);
    expect(renderLock(lock)).toBe(renderLock(exampleLock));
    expect(lock.packages.map(({ name }) => name)).toEqual(['kubelet', 'socat']);
  });

  it('that is not there says how to write it', async () => {
    await expect(loadLock(file)).rejects.toMatchObject({
      code: 'RELEASE_INVALID',
      hint: expect.stringContaining('--update-lock'),
    });
  });
});

describe('mirrors', () => {
  const document = (text: string) => `apiVersion: metalk8s.scality.com/v1alpha1\nkind: Mirrors\n${text}`;

  it('have absolute paths, and what stands for upstream', async () => {
    await mkdir(join(directory, 'images'));
    await mkdir(join(directory, 'rpms'));
    await writeFile(join(directory, 'images/index.json'), '{}');
    await writeFile(join(directory, 'ca.pem'), '');
    await writeFile(join(directory, 'key.asc'), '');
    await writeFile(
      file,
      document(`registries:
  - {upstream: docker.io, layout: images}
  - {upstream: quay.io, registry: proxy.example.com, ca: ./ca.pem}
  - {upstream: ghcr.io, registry: "127.0.0.1:5000", insecure: true}
repositories:
  - upstream: https://rpm.example.com/
    directory: rpms
    signedByUs: false
    metadataSigned: false
    keys:
      - {file: key.asc, fingerprint: ${'a'.repeat(40)}}
      - {url: "http://proxy.example.com/key.asc", fingerprint: ${'B'.repeat(40)}}
  - {upstream: "https://rpm.example.com/own/", url: "http://proxy.example.com/own/"}
files:
  - {upstream: "https://files.example.com/", path: ${directory}/rpms}
  - {upstream: "https://files.example.com/one", url: "https://proxy.example.com/one"}
`),
    );
    expect(await loadMirrors(file)).toEqual({
      registries: [
        { upstream: 'docker.io', layout: join(directory, 'images') },
        { upstream: 'quay.io', registry: 'proxy.example.com', ca: join(directory, 'ca.pem') },
        { upstream: 'ghcr.io', registry: '127.0.0.1:5000', insecure: true },
      ],
      repositories: [
        {
          upstream: 'https://rpm.example.com/',
          directory: join(directory, 'rpms'),
          signedByUs: false,
          metadataSigned: false,
          keys: [
            { fingerprint: 'A'.repeat(40), file: join(directory, 'key.asc') },
            { fingerprint: 'B'.repeat(40), url: 'http://proxy.example.com/key.asc' },
          ],
        },
        { upstream: 'https://rpm.example.com/own/', url: 'http://proxy.example.com/own/' },
      ],
      files: [
        { upstream: 'https://files.example.com/', path: join(directory, 'rpms') },
        { upstream: 'https://files.example.com/one', url: 'https://proxy.example.com/one' },
      ],
    });
  });

  it('may be for nothing', async () => {
    await writeFile(file, document(''));
    expect(await loadMirrors(file)).toEqual({ registries: [], repositories: [], files: [] });
  });

  it('name every path with nothing fitting there, all at once', async () => {
    await mkdir(join(directory, 'images'));
    await writeFile(
      file,
      document(`registries:
  - {upstream: docker.io, layout: images}
  - {upstream: quay.io, registry: proxy.example.com, ca: ca.pem}
repositories:
  - {upstream: "https://rpm.example.com/", directory: file.yaml}
files:
  - {upstream: "https://files.example.com/one", path: images}
`),
    );
    await expect(loadMirrors(file)).rejects.toMatchObject({
      code: 'RELEASE_INVALID',
      where: file,
      message: [
        'the file of mirrors is invalid',
        `${file}:4:35: error: registries[0].layout: ${directory}/images is no OCI image layout: it has no index.json`,
        `${file}:5:58: error: registries[1].ca: there is nothing at ${directory}/ca.pem`,
        `${file}:7:55: error: repositories[0].directory: ${directory}/file.yaml is no directory`,
        `${file}:9:55: error: files[0].path: ${directory}/images is no file`,
      ].join('\n'),
    });
  });
});
