import { createHash } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { type InventorySources, inventoryFiles } from '../../../src/build/contents/inventory-files.ts';
import type { DiscFile } from '../../../src/disc/disc-file.ts';
import { discPaths } from '../../../src/disc/paths.ts';
import { inventory } from '../../disc/inventory/sample.ts';
import { installInto } from '../../support/product/installation.ts';
import { directoryOfTests } from '../../support/test-directory.ts';

const installation = directoryOfTests();

beforeAll(async () => {
  await installInto(installation);
});

const files: readonly DiscFile[] = [
  { path: discPaths.node, source: { content: Buffer.from('node') }, executable: true },
  { path: discPaths.release, source: { content: Buffer.from('{}') } },
  { path: 'images/blobs/sha256/x', source: { file: '/nowhere', sha256: 'e'.repeat(64), size: 1 } },
];

const sources: InventorySources = {
  release: {
    version: '136.0.0',
    date: '2026-11-21',
    kubernetes: '1.36.3',
    imagePlatforms: ['linux/amd64'],
    packagePlatforms: [],
    components: [
      {
        name: 'calico',
        images: [],
        packages: [],
        files: [{ path: 'calico/calico.yaml', url: 'https://example.com/a/calico.yaml' }],
      },
    ],
  },
  description: inventory.archive,
  headers: inventory.packages,
  files,
  builder: '136.0.0',
  tools: { gpg: '2.2.40' },
};

test('bill of materials, licences and provenance, of the modules that the program really has', async () => {
  const lists = await inventoryFiles(sources, installation);
  expect(lists.map(({ path }) => path)).toEqual(['sbom/sbom.cdx.json', 'sbom/licences.txt', 'sbom/provenance.json']);
  const [bom, licences, provenance] = lists.map(contentOf);
  const names = JSON.parse(String(bom)).components.map(({ name }: { name: string }) => name);
  expect(names).toEqual(expect.arrayContaining(['yaml', 'commander', 'kubelet', 'calico.yaml', 'node']));
  expect(String(licences)).toMatch(/\nyaml \d+\.\d+\.\d+: ISC\n/);

  const subjects = JSON.parse(String(provenance)).subject;
  const expected = [...files, ...lists.slice(0, 2)].map((file) => ({
    name: file.path,
    digest: { sha256: sumOf(file) },
  }));
  expect(subjects).toHaveLength(expected.length);
  expect(subjects).toEqual(expect.arrayContaining(expected));
});

test('the same whatever the order of the files', async () => {
  const [lists, again] = await Promise.all(
    [sources, { ...sources, files: files.toReversed() }].map((each) => inventoryFiles(each, installation)),
  );
  expect(again?.map(contentOf)).toEqual(lists?.map(contentOf));
});

test.each<[string, Partial<InventorySources>]>([
  ['a runtime', { files: files.slice(1) }],
  ['a header of each package', { headers: [] }],
  [
    'a file that the release list names',
    { description: { ...inventory.archive, lock: { ...inventory.archive.lock, files: [] } } },
  ],
])('without %s it is our own fault', async (_, change) => {
  await expect(inventoryFiles({ ...sources, ...change }, installation)).rejects.toMatchObject({ code: 'INTERNAL' });
});

function contentOf({ source }: DiscFile): Uint8Array {
  return 'content' in source ? source.content : Buffer.of();
}

function sumOf(file: DiscFile): string {
  return 'file' in file.source ? file.source.sha256 : createHash('sha256').update(contentOf(file)).digest('hex');
}
