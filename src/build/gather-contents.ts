import type { DiscFile } from '../disc/disc-file.ts';
import { discPaths } from '../disc/paths.ts';
import { MetalK8sError } from '../errors/metalk8s-error.ts';
import type { Catalogue } from '../registry/catalogue.ts';
import { archiveConfiguration, type RegistryTemplates } from '../registry/nginx-configuration.ts';
import type { Release } from '../release/release.ts';
import { cliFiles } from './contents/cli-files.ts';
import { documentFiles } from './contents/document-files.ts';
import { launcherFile } from './contents/launcher-file.ts';
import { runtimeFiles } from './contents/runtime-files.ts';
import { saltFiles } from './contents/salt-files.ts';
import type { FetchedRelease } from './fetch-release.ts';
import { layoutFiles } from './images/layout-files.ts';
import { packageKeyFiles } from './packages/package-keys.ts';
import type { Signer } from './signer.ts';

/** What the contents of a disc are made from. */
export interface ContentSources {
  readonly release: Release;
  readonly fetched: FetchedRelease;
  readonly catalogue: Catalogue;
  readonly templates: RegistryTemplates;
  readonly signer: Signer | undefined;
  /** Absolute path of the cache. */
  readonly cache: string;
}

export interface DiscContents {
  /** The image layout among the files. */
  readonly layout: readonly DiscFile[];
  /** All but what describes them: `release.json`, `sbom/` and the sums. */
  readonly files: readonly DiscFile[];
  /** Version of the Node.js among them. */
  readonly node: string;
}

/** Everything that a disc carries: what was fetched, the registry's configuration, and the program with its documents. */
export async function gatherContents(sources: ContentSources): Promise<DiscContents> {
  const { release, fetched, catalogue, templates, signer, cache } = sources;
  const [launcher, runtime, cli, documents, salt] = await Promise.all([
    launcherFile(),
    runtimeFiles(),
    cliFiles(),
    documentFiles(),
    saltFiles(),
  ]);
  const archive = { name: release.version, catalogue, blobs: discPaths.blobs, packages: discPaths.packages };
  const registry = archiveConfiguration(archive, templates).map(({ path, content }) => ({
    path: `${discPaths.registry}/${path}`,
    source: { content: Buffer.from(content) },
  }));
  const layout = layoutFiles(fetched.images, cache);
  return {
    layout,
    node: runtime.version,
    files: [
      launcher,
      ...runtime.files,
      ...cli,
      ...documents,
      ...salt,
      ...registry,
      ...layout,
      ...fetched.platforms.flatMap(({ repository }) => repository.files),
      ...packageKeyFiles(
        fetched.platforms.map(({ resolved }) => resolved),
        signer,
      ),
      ...upstreamFiles(release, fetched),
    ],
  };
}

function upstreamFiles({ components }: Release, { files: { stored } }: FetchedRelease): DiscFile[] {
  return components
    .flatMap(({ files }) => files)
    .map(({ path, url }) => {
      const source = stored.get(url);
      if (source === undefined) throw new MetalK8sError('INTERNAL', `${url} was not fetched`);
      return { path: `${discPaths.upstream}/${path}`, source };
    });
}
