import type { DiscFile } from '../disc/disc-file.ts';
import { discPaths } from '../disc/paths.ts';
import { closureOf } from '../release/closure.ts';
import type { ImageNeeds } from '../release/missing-images.ts';
import { inventoryFiles } from './contents/inventory-files.ts';
import { type DescribedBuild, describeArchive } from './describe-archive.ts';
import type { ToolVersions } from './tools.ts';

export interface DescribedContents extends DescribedBuild {
  readonly needs: ImageNeeds;
  /** Everything that the disc carries. */
  readonly files: readonly DiscFile[];
  /** Version of the program that builds, and of the tools that it ran. */
  readonly builder: string;
  readonly tools: ToolVersions;
}

/** What tells of the contents of a disc: `release.json` and `sbom/`. */
export async function describeContents(build: DescribedContents): Promise<readonly DiscFile[]> {
  const { release, lock, needs, platforms, builder, tools } = build;
  const description = describeArchive(build);
  const resolved = platforms.flatMap((platform) => platform.resolved.packages);
  const packages = description.packages.map((each, index) => ({ ...each, neededBy: resolved[index]?.neededBy ?? [] }));
  const told = [
    json(discPaths.release, description),
    json(`${discPaths.sbom}/closure.json`, closureOf({ release, lock, needs, packages })),
  ];
  const headers = resolved.map(({ header }) => header);
  const files = [...build.files, ...told];
  return [...told, ...(await inventoryFiles({ release, description, headers, files, builder, tools }))];
}

function json(path: string, value: unknown): DiscFile {
  return { path, source: { content: Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`) } };
}
