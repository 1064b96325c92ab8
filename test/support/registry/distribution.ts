import { join } from 'node:path';
import { cached, type Report } from '../cache.ts';
import type { PinnedModule } from '../release/go-module.ts';
import { goPrograms } from '../release/go-programs.ts';

/** The registry that most others are made of or measured against. */
export const DISTRIBUTION_VERSION = '3.1.2';

const FOLDER = `distribution/${DISTRIBUTION_VERSION}`;
const MODULE = 'github.com/distribution/distribution/v3';
const PACKAGE = `${MODULE}/cmd/registry`;

/** The path of its `registry` program, built from the Go module proxy when the test cache has it not yet. */
export async function distributionRegistry(report: Report): Promise<string> {
  const recipe = goPrograms({
    name: 'distribution',
    version: DISTRIBUTION_VERSION,
    module: FOLDER,
    programs: [
      { file: 'registry', package: PACKAGE, versionArguments: ['--version'], says: `v${DISTRIBUTION_VERSION}` },
    ],
    variables: { [`${MODULE}/version.version`]: `v${DISTRIBUTION_VERSION}` },
    usualSeconds: 60,
  });
  const inputs = await recipe.inputs(report);
  const directory = await cached({ name: `binaries-${recipe.name}`, inputs, make: recipe.make }, report);
  return join(directory, 'registry');
}

/** What pins it. */
export const DISTRIBUTION_MODULE: PinnedModule = {
  folder: FOLDER,
  packages: [PACKAGE],
  requires: [{ path: MODULE, version: `v${DISTRIBUTION_VERSION}` }],
};
