import { link } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComponentRecipe } from '../component.ts';
import { copyTree } from '../copy-tree.ts';
import type { PinnedModule } from '../go-module.ts';
import { type GoProgram, goPrograms } from '../go-programs.ts';

const VERSION = '3.28.5';
const FOLDER = `calico/${VERSION}`;
const MODULE = 'github.com/projectcalico/calico';

/** The proxy serves no tag of Calico's 3.x line; this is the commit whose manifests name images of v3.28.5. */
const COMMIT = 'v1.11.0-cni-plugin.0.20250813170300-a0db560f0520';

const HCSSHIM = 'github.com/Microsoft/hcsshim';

const PROGRAMS: readonly GoProgram[] = [
  program('node/cmd/calico-node', ['-v']),
  program('node/cmd/mountns'),
  program('cni-plugin/cmd/calico', ['-v']),
  program('cni-plugin/cmd/install'),
  program('kube-controllers/cmd/kube-controllers', ['--version']),
  program('kube-controllers/cmd/check-status', ['-v']),
];

/**
 * Calico's programs. `calico-ipam` is `calico` under another name, as upstream ships it; felix is part of `calico-node`.
 * Beside them lie upstream's own files: the manifests in `manifests/`, and the services and configuration of the
 * node image in `node-filesystem/`. eBPF programs and BIRD are not there: they are not written in Go.
 */
export function calico(): ComponentRecipe {
  return goPrograms({
    name: 'calico',
    version: VERSION,
    module: FOLDER,
    // This file says which of upstream's files are added.
    sources: ['go.mod', 'go.sum', '../../../recipes/calico.ts'],
    programs: PROGRAMS,
    variables: {
      'main.VERSION': `v${VERSION}`,
      [`${MODULE}/node/pkg/lifecycle/startup.VERSION`]: `v${VERSION}`,
      [`${MODULE}/node/buildinfo.GitVersion`]: `v${VERSION}`,
      [`${MODULE}/felix/buildinfo.GitVersion`]: `v${VERSION}`,
    },
    usualSeconds: 130,
    async finish(output, sourceOf) {
      const source = await sourceOf(MODULE);
      await link(join(output, 'calico'), join(output, 'calico-ipam'));
      await copyTree(join(source, 'manifests'), join(output, 'manifests'));
      await copyTree(join(source, 'node/filesystem'), join(output, 'node-filesystem'));
    },
  });
}

/** What pins Calico. */
export const CALICO_MODULE: PinnedModule = {
  folder: FOLDER,
  packages: PROGRAMS.map((program) => program.package),
  requires: [{ path: MODULE, version: COMMIT }],
  replacements: [
    {
      path: 'github.com/projectcalico/api',
      by: { path: 'github.com/projectcalico/api', version: 'v0.0.0-20240708202104-e3f70b269c2c' },
    },
    // The version required is not served; only the Windows parts of Calico are compiled with it.
    { path: HCSSHIM, by: { path: HCSSHIM, version: 'v0.11.7' } },
  ],
};

function program(folder: string, versionArguments?: readonly string[]): GoProgram {
  const file = folder.slice(folder.lastIndexOf('/') + 1);
  const found = { file, package: `${MODULE}/${folder}`, says: `v${VERSION}` };
  return versionArguments ? { ...found, versionArguments } : found;
}
