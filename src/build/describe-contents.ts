import type { DiscFile } from '../disc/disc-file.ts';
import { discPaths } from '../disc/paths.ts';
import { closureOf } from '../release/closure.ts';
import type { ImageNeeds } from '../release/missing-images.ts';
import { type DescribedBuild, describeArchive } from './describe-archive.ts';

/** What tells of the contents of a disc: `release.json` and `sbom/`. */
export function describeContents(build: DescribedBuild & { readonly needs: ImageNeeds }): DiscFile[] {
  const { release, lock, needs, platforms } = build;
  const description = describeArchive(build);
  const neededBy = platforms.flatMap(({ resolved }) => resolved.packages.map((each) => each.neededBy));
  const packages = description.packages.map((each, index) => ({ ...each, neededBy: neededBy[index] ?? [] }));
  return [
    json(discPaths.release, description),
    json(`${discPaths.sbom}/closure.json`, closureOf({ release, lock, needs, packages })),
  ];
}

function json(path: string, value: unknown): DiscFile {
  return { path, source: { content: Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`) } };
}
