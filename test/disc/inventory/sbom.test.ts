import { describe, expect, test } from 'vitest';
import type { Bom, Component } from '../../../src/disc/inventory/cyclonedx.ts';
import type { DiscInventory } from '../../../src/disc/inventory/inventory.ts';
import { renderSbom } from '../../../src/disc/inventory/sbom.ts';
import { inventory, sum } from './sample.ts';

function bomOf(input: DiscInventory): Bom {
  return JSON.parse(String(Buffer.from(renderSbom(input))));
}

function all(components: readonly Component[]): Component[] {
  return components.flatMap((component) => [component, ...all(component.components ?? [])]);
}

describe('a bill of materials', () => {
  const bom = bomOf(inventory);
  const components = all(bom.components);
  const byName = (name: string) => components.filter((component) => component.name === name);

  test('says what it is, of when, and has a number of its own', () => {
    expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 });
    expect(bom.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(bom.metadata).toMatchObject({ timestamp: '2026-11-21T00:00:00Z', component: { name: 'metalk8s' } });
  });

  test('has every image with the manifests of its platforms', () => {
    const [index, child, attestation] = byName('registry.k8s.io/coredns/coredns');
    expect(index).toMatchObject({
      type: 'container',
      version: 'v1.14.0',
      hashes: [{ alg: 'SHA-256', content: sum('a') }],
      components: [child, attestation],
    });
    expect(child?.properties).toEqual([{ name: 'metalk8s:platform', value: 'linux/amd64' }]);
    expect(child?.purl).toContain('arch=amd64');
    expect(attestation?.properties).toEqual([]);
    expect(byName('registry.example.com:5000/app')[0]).toMatchObject({ version: '1-2' });
  });

  test('has every package as it lies on the disc', () => {
    expect(byName('kubelet')).toEqual([
      {
        type: 'library',
        'bom-ref': expect.any(String),
        name: 'kubelet',
        version: '1.36.3-150500.1.1',
        hashes: [{ alg: 'SHA-256', content: sum('1') }],
        licenses: [{ license: { name: 'Apache-2.0' } }],
        purl: expect.stringContaining('upstream=kubelet-1.36.3-150500.1.1.src.rpm'),
        properties: [
          { name: 'metalk8s:path', value: 'packages/el9-x86_64/kubelet-1.36.3-150500.1.1.x86_64.rpm' },
          { name: 'metalk8s:platform', value: 'el9/x86_64' },
        ],
      },
    ]);
    expect(byName('libstdc++')[0]).toMatchObject({
      supplier: { name: 'A Vendor' },
      licenses: [{ license: { name: 'GPLv3+ and GPLv3+ with exceptions' } }],
    });
  });

  test('has Node.js, npm packages and files of upstream', () => {
    expect(byName('node')[0]?.hashes).toEqual([{ alg: 'SHA-256', content: sum('4') }]);
    expect(byName('yaml')[0]).toMatchObject({
      licenses: [{ license: { id: 'ISC' } }],
      hashes: [{ alg: 'SHA-512', content: '05'.repeat(64) }],
    });
    expect(byName('@peculiar/x509')[0]).toMatchObject({ licenses: [{ expression: '(MIT OR Apache-2.0)' }] });
    expect(byName('calico.yaml')[0]).toMatchObject({
      externalReferences: [{ type: 'distribution', url: 'https://example.com/a/calico.yaml' }],
    });
  });

  test('every reference is unique, and every dependency is there', () => {
    const references = [bom.metadata.component, ...components].map((component) => component['bom-ref']);
    expect(new Set(references).size).toBe(references.length);
    for (const { ref, dependsOn } of bom.dependencies) {
      for (const each of [ref, ...dependsOn]) expect(references).toContain(each);
      expect(new Set(dependsOn).size).toBe(dependsOn.length);
    }
  });

  test('the same for the same content in another order, another number for other content', () => {
    const turned: DiscInventory = {
      ...inventory,
      packages: inventory.packages.toReversed(),
      modules: inventory.modules.toReversed(),
      archive: {
        ...inventory.archive,
        lock: { ...inventory.archive.lock, images: inventory.archive.lock.images.toReversed() },
      },
    };
    expect(Buffer.compare(renderSbom(turned), renderSbom(inventory))).toBe(0);
    const other = bomOf({ ...inventory, nodeSha256: sum('5') });
    expect(other.serialNumber).not.toBe(bom.serialNumber);
  });
});
