import { mkdir, mkdtemp, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { discPaths } from '../../src/disc/paths.ts';
import { sized } from '../../src/events/words.ts';
import { describedDisc } from '../support/archive/described-disc.ts';
import { type Files, writeImage, writeTree } from '../support/archive/signed-disc.ts';
import { runMain } from '../support/run-main.ts';
import { directoryOfTests } from '../support/test-directory.ts';

const directory = directoryOfTests();
let folder: string;
let image: string;

beforeAll(async () => {
  folder = await disc('disc', describedDisc().files);
  image = join(directory, 'metalk8s-136.0.0.iso');
  await writeImage(folder, image);
});

async function disc(name: string, files: Files): Promise<string> {
  const path = join(directory, name);
  await mkdir(path);
  await writeTree(path, files);
  return path;
}

/** Up to what differs between an image, which has been signed, and a folder. */
const TEXT = `Release     metalk8s 136.0.0 with Kubernetes 1.36.3, of 2026-11-21
Components  core, calico
Runtime     Node.js 24.21.0
Signed by   ABABABABABABABABABABABABABABABABABABABAB, as it says itself: \`metalk8s verify\` tells
Size        2.8 MiB in files$SIZE

Images (2; what they share is counted in each)
  docker.io/calico/node:v3.28.5                            2.8 MiB
  registry.k8s.io/pause:3.10.2   linux/amd64, linux/arm64  2.0 KiB

Packages
  el9/x86_64  2 packages  19 MiB

Upstream files
  calico/calico.yaml  10 B

Parts
  images        11 files  2.8 MiB
  release.json  1 file    3.3 KiB
  SHA256SUMS    1 file    1.8 KiB
  metalk8s      1 file       10 B
  upstream      1 file       10 B
`;

describe.each(['an ISO file', 'a folder'])('%s', (kind) => {
  const path = () => (kind === 'a folder' ? folder : image);

  test('is shown to people', async () => {
    const { exit, stdout, stderr } = await runMain(['inspect', path()]);
    expect([exit, stderr]).toEqual([0, '']);
    const { size } = await stat(image);
    const asImage = `; ${sized(size)} as an image, which holds equal files once`;
    expect(stdout).toContain(TEXT.replace('$SIZE', kind === 'a folder' ? '' : asImage));
    expect(stdout.split('\n')[0]).toBe(`Archive     ${path()}`);
  });

  test('is shown to programs, with everything', async () => {
    const { stdout } = await runMain(['inspect', path(), '-o', 'json']);
    const { archive, imageSize, ...report } = JSON.parse(stdout);
    expect([archive, imageSize]).toEqual([path(), kind === 'a folder' ? null : (await stat(image)).size]);
    expect(report).toMatchObject({
      version: '136.0.0',
      signingKey: { fingerprint: 'AB'.repeat(20), verified: false },
      images: [
        { reference: 'docker.io/calico/node:v3.28.5', platforms: [] },
        { platforms: ['linux/amd64', 'linux/arm64'] },
      ],
      packages: [
        {
          platform: 'el9/x86_64',
          size: 20_001_000,
          packages: [{ name: 'kubelet', roles: ['node'] }, { name: 'libx' }],
        },
      ],
      files: [{ path: 'calico/calico.yaml', size: 10 }],
    });
    const parts: { size: number }[] = report.parts;
    expect(parts.reduce((sum, { size }) => sum + size, 0)).toBe(report.size);
    const images: { size: number }[] = report.images;
    // Both have the shared layer, and the disc has it once.
    expect(images.reduce((sum, { size }) => sum + size, 0)).toBe(parts[0]?.size === undefined ? 0 : parts[0].size + 22);
    const { stdout: yaml } = await runMain(['inspect', path(), '-o', 'yaml']);
    expect(parse(yaml)).toEqual({ archive, imageSize, ...report });
  });

  test('has its packages listed when that is asked for', async () => {
    const { stdout } = await runMain(['inspect', path(), '--packages']);
    expect(stdout).toContain('  el9/x86_64                          2 packages  19 MiB\n');
    expect(stdout).toContain('    kubelet-1.36.3-150500.1.1.x86_64  node        19 MiB\n');
  });
});

describe('what is no archive, or a dishonest one', () => {
  const refusalOf = async (path: string) => {
    const { exit, stdout, stderr } = await runMain(['inspect', path]);
    expect(stdout).toBe('');
    return `${exit} ${stderr}`;
  };

  test('a folder of anything', async () => {
    expect(await refusalOf(await mkdtemp(join(directory, 'empty-')))).toMatch(/^5 .*release\.json.*missing/s);
  });

  test('a file of anything', async () => {
    await writeFile(join(directory, 'noise'), 'no image');
    expect(await refusalOf(join(directory, 'noise'))).toMatch(/^5 /);
  });

  test('nothing', async () => {
    expect(await refusalOf(join(directory, 'nowhere'))).toMatch(/^2 /);
    expect((await runMain(['inspect'])).exit).toBe(2);
  });

  test('a description that cannot be', async () => {
    const path = await disc('odd', describedDisc({ node: '\u001b[2J' }).files);
    const told = await refusalOf(path);
    expect(told).toContain('node must match pattern');
    expect(told).not.toContain('\u001b');
  });

  test('a manifest with other content than its digest', async () => {
    const { description, files } = describedDisc();
    const digest = description.lock.images[0]?.digest.slice('sha256:'.length);
    const path = await disc('changed', { ...files, [`${discPaths.blobs}/${digest}`]: '{}' });
    expect(await refusalOf(path)).toMatch(new RegExp(`^5 .*a manifest is not what its digest says.*${digest}`, 's'));
  });

  test('an archive that nobody signed says so', async () => {
    const path = await disc('unsigned', describedDisc({ signingKey: null }).files);
    expect((await runMain(['inspect', path])).stdout).toContain('Signed by   nobody\n');
  });
});
