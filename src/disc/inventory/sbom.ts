import { createHash } from 'node:crypto';
import { fileComponent, imageComponent, moduleComponent, nodeComponent, packageComponent } from './components.ts';
import type { Bom, Component } from './cyclonedx.ts';
import type { DiscInventory } from './inventory.ts';
import { nameBasedUuid } from './name-based-uuid.ts';
import { genericPurl } from './purl.ts';

/**
 * What a disc holds, as CycloneDX 1.6: images by digest, RPMs, Node.js, npm packages in the command line, upstream files. Equal discs
 * give equal bytes: the serial number follows from the content, the date is that of the disc.
 */
export function renderSbom(inventory: DiscInventory): Uint8Array {
  const bom = describe(inventory);
  const content = createHash('sha256').update(JSON.stringify(bom)).digest('hex');
  const serialNumber = `urn:uuid:${nameBasedUuid(`https://metalk8s.scality.com/sbom/${content}`)}`;
  return Buffer.from(`${JSON.stringify({ ...bom, serialNumber }, undefined, 2)}\n`);
}

function describe({ archive, packages, files, modules, nodeSha256 }: DiscInventory): Bom {
  const disc = ourComponent('metalk8s', archive.version);
  const cli = ourComponent('metalk8s-cli', archive.version);
  const node = nodeComponent(archive.node, nodeSha256);
  const bundled = sorted(modules.map(moduleComponent));
  const carried = sorted([
    ...archive.lock.images.map(imageComponent),
    ...packages.map(packageComponent),
    ...files.map(fileComponent),
  ]);
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: '',
    version: 1,
    metadata: { timestamp: archive.date, lifecycles: [{ phase: 'build' }], component: disc },
    components: [cli, node, ...bundled, ...carried],
    dependencies: [
      { ref: disc['bom-ref'], dependsOn: [cli, node, ...carried].map(reference) },
      { ref: cli['bom-ref'], dependsOn: [node, ...bundled].map(reference) },
    ],
  };
}

function ourComponent(name: string, version: string): Component {
  const purl = genericPurl(name, version, {});
  return { type: 'application', 'bom-ref': purl, name, version, licenses: [{ license: { id: 'Apache-2.0' } }], purl };
}

function sorted(components: readonly Component[]): Component[] {
  return components.toSorted((left, right) => (reference(left) < reference(right) ? -1 : 1));
}

function reference(component: Component): string {
  return component['bom-ref'];
}
