import type { DiscFile } from '../../disc/disc-file.ts';
import type { DiscInventory, InventoriedFile, InventoriedPackage } from '../../disc/inventory/inventory.ts';
import { renderLicences } from '../../disc/inventory/licences.ts';
import { renderProvenance } from '../../disc/inventory/provenance.ts';
import { renderSbom } from '../../disc/inventory/sbom.ts';
import { discPaths } from '../../disc/paths.ts';
import { sha256Of } from '../../disc/sha256-of.ts';
import type { Sum } from '../../disc/sums.ts';
import { MetalK8sError } from '../../errors/metalk8s-error.ts';
import type { RpmHeader } from '../../packages/read-headers.ts';
import { readBundle } from '../../product/bundle.ts';
import { productRoot } from '../../product/product-root.ts';
import type { ArchiveDescription } from '../../release/archive-description.ts';
import type { Release } from '../../release/release.ts';
import type { ToolVersions } from '../tools.ts';

/** What the lists of a disc are made from. */
export interface InventorySources {
  readonly release: Release;
  readonly description: ArchiveDescription;
  /** Headers of the packages, in the order of the description. */
  readonly headers: readonly Pick<RpmHeader, 'sourceRpm' | 'vendor'>[];
  /** Everything else on the disc but the sums: `release.json` too. */
  readonly files: readonly DiscFile[];
  /** Version of the program that builds, and of the tools that it ran. */
  readonly builder: string;
  readonly tools: ToolVersions;
}

/** The lists in `sbom/` that others can read: bill of materials, licences, and where everything came from. */
export async function inventoryFiles(sources: InventorySources, root = productRoot()): Promise<readonly DiscFile[]> {
  const { release, files, builder, tools } = sources;
  const inventory = await takeInventory(sources, root);
  const lists = [
    { path: `${discPaths.sbom}/sbom.cdx.json`, source: { content: renderSbom(inventory) } },
    { path: `${discPaths.sbom}/licences.txt`, source: { content: Buffer.from(renderLicences(inventory)) } },
  ];
  const sums = [...files, ...lists].map(sumOf);
  const provenance = renderProvenance({ inventory, release, files: sums, builder, tools });
  return [...lists, { path: `${discPaths.sbom}/provenance.json`, source: { content: provenance } }];
}

async function takeInventory(
  { release, description, headers, files }: InventorySources,
  root: string,
): Promise<DiscInventory> {
  const { modules } = await readBundle(root);
  const node = files.find(({ path }) => path === discPaths.node);
  if (node === undefined || headers.length !== description.packages.length) {
    throw new MetalK8sError('INTERNAL', 'The inventory of the disc is taken before the disc is complete');
  }
  return {
    archive: description,
    packages: description.packages.map((carried, index): InventoriedPackage => {
      const { sourceRpm = '', vendor = '' } = headers[index] ?? {};
      return { ...carried, sourceRpm, vendor };
    }),
    files: upstreamFiles(release, description),
    modules,
    nodeSha256: sumOf(node).sha256,
  };
}

function upstreamFiles({ components }: Release, { lock }: ArchiveDescription): InventoriedFile[] {
  return components
    .flatMap(({ files }) => files)
    .map(({ path, url }) => {
      const sha256 = lock.files.find((locked) => locked.url === url)?.sha256;
      if (sha256 === undefined) throw new MetalK8sError('INTERNAL', `${url} is not in the lock`);
      return { path: `${discPaths.upstream}/${path}`, url, sha256 };
    });
}

function sumOf({ path, source }: DiscFile): Sum {
  if ('file' in source) return { path, sha256: source.sha256 };
  return { path, sha256: sha256Of(source.content) };
}
