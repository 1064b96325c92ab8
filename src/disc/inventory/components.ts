import type { LockedImage } from '../../release/lock.ts';
import type { Component, Hash, Licences, Property } from './cyclonedx.ts';
import type { BundledModule, InventoriedFile, InventoriedPackage } from './inventory.ts';
import { genericPurl, imagePurl, npmPurl, rpmPurl } from './purl.ts';

/** An image by its tag, with the manifests of its platforms inside. */
export function imageComponent({ reference, digest, mediaType, children }: LockedImage): Component {
  const colon = reference.lastIndexOf(':');
  const [name, version] = [reference.slice(0, colon), reference.slice(colon + 1)];
  const purl = imagePurl(reference, digest);
  const parts = children.map((child): Component => {
    const childPurl = imagePurl(reference, child.digest, child.platform?.split('/')[1]);
    return {
      type: 'container',
      'bom-ref': `${purl}#${child.digest}`,
      name,
      version,
      hashes: sha256(child.digest.slice('sha256:'.length)),
      purl: childPurl,
      properties: properties({ platform: child.platform }),
    };
  });
  return {
    type: 'container',
    'bom-ref': purl,
    name,
    version,
    hashes: sha256(digest.slice('sha256:'.length)),
    purl,
    properties: properties({ mediaType }),
    ...(parts.length > 0 && { components: parts }),
  };
}

/** An RPM as it lies on the disc, where we may have signed it. */
export function packageComponent(carried: InventoriedPackage): Component {
  const { name, version, release, vendor, licence, sha256: sum, path, platform } = carried;
  const purl = rpmPurl(carried);
  return {
    type: 'library',
    'bom-ref': purl,
    ...(vendor !== '' && { supplier: { name: vendor } }),
    name,
    version: `${version}-${release}`,
    hashes: sha256(sum),
    // Before Enterprise Linux 10, headers hold names of Fedora's own, such as GPLv2+: no SPDX.
    ...(licence !== '' && { licenses: [{ license: { name: licence } }] }),
    purl,
    properties: properties({ path, platform }),
  };
}

/** An npm package of which code is in the command line. The checksum is that of the package, as its registry gives it. */
export function moduleComponent(module: BundledModule): Component {
  const purl = npmPurl(module);
  const { name, version, licence, integrity } = module;
  const content = Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex');
  const hashes: Hash[] = integrity.startsWith('sha512-') ? [{ alg: 'SHA-512', content }] : [];
  return { type: 'library', 'bom-ref': purl, name, version, hashes, licenses: spdx(licence), purl };
}

/** The runtime. Its licence file covers what it is built from as well. */
export function nodeComponent(version: string, sum: string): Component {
  const purl = genericPurl('node', version, {});
  const licenses: Licences = [{ license: { name: 'MIT, and those of its parts: runtime/LICENSE' } }];
  return { type: 'application', 'bom-ref': purl, name: 'node', version, hashes: sha256(sum), licenses, purl };
}

/** A file that upstream publishes at an address. */
export function fileComponent({ path, url, sha256: sum }: InventoriedFile): Component {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const purl = genericPurl(name, undefined, { checksum: `sha256:${sum}`, download_url: url });
  return {
    type: 'file',
    'bom-ref': `${purl}#${path}`,
    name,
    hashes: sha256(sum),
    purl,
    externalReferences: [{ type: 'distribution', url }],
    properties: properties({ path }),
  };
}

function sha256(content: string): Hash[] {
  return [{ alg: 'SHA-256', content }];
}

/** One identifier, or an expression of several. */
function spdx(licence: string): Licences {
  return /[ ()]/.test(licence) ? [{ expression: licence }] : [{ license: { id: licence } }];
}

/** Properties by names of our own, those that are there. */
function properties(values: Readonly<Record<string, string | undefined>>): Property[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name: `metalk8s:${name}`, value }],
  );
}
