import type { ComponentRecipe } from '../component.ts';
import type { PinnedModule } from '../go-module.ts';
import { goPrograms } from '../go-programs.ts';

/** What kubeadm 1.36 deploys. */
const VERSION = '1.14.2';
const FOLDER = `coredns/${VERSION}`;
const MODULE = 'github.com/coredns/coredns';

/** The cluster's DNS server, with upstream's default set of plugins. */
export function coredns(): ComponentRecipe {
  return goPrograms({
    name: 'coredns',
    version: VERSION,
    module: FOLDER,
    programs: [{ file: 'coredns', package: MODULE, versionArguments: ['-version'], says: `CoreDNS-${VERSION}` }],
    tags: ['grpcnotrace'],
    usualSeconds: 110,
  });
}

/** What pins CoreDNS. */
export const COREDNS_MODULE: PinnedModule = {
  folder: FOLDER,
  packages: [MODULE],
  requires: [{ path: MODULE, version: `v${VERSION}` }],
};
