import type { ComponentRecipe } from '../component.ts';
import type { PinnedModule } from '../go-module.ts';
import { type GoProgram, goPrograms } from '../go-programs.ts';

const VERSION = '2.2.0';
const FOLDER = `containerd/${VERSION}`;
const MODULE = 'github.com/containerd/containerd/v2';

const PROGRAMS: readonly GoProgram[] = [
  program('containerd', '--version'),
  program('containerd-shim-runc-v2', '-v'),
  program('ctr', '--version'),
];

/** The container runtime, its shim and its own client, as upstream's static release is built. */
export function containerd(): ComponentRecipe {
  return goPrograms({
    name: 'containerd',
    version: VERSION,
    module: FOLDER,
    programs: PROGRAMS,
    tags: ['urfave_cli_no_docs', 'osusergo', 'netgo', 'static_build'],
    variables: { [`${MODULE}/version.Version`]: `v${VERSION}` },
    usualSeconds: 60,
  });
}

/** What pins containerd. */
export const CONTAINERD_MODULE: PinnedModule = {
  folder: FOLDER,
  packages: PROGRAMS.map(({ package: path }) => path),
  requires: [{ path: MODULE, version: `v${VERSION}` }],
};

function program(file: string, versionArgument: string): GoProgram {
  return { file, package: `${MODULE}/cmd/${file}`, versionArguments: [versionArgument], says: `v${VERSION}` };
}
