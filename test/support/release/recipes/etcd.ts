import type { ComponentRecipe } from '../component.ts';
import type { PinnedModule } from '../go-module.ts';
import { type GoProgram, goPrograms } from '../go-programs.ts';

/** What kubeadm 1.36 runs, without the `-0` of the image's tag. */
const VERSION = '3.6.8';
const FOLDER = `etcd/${VERSION}`;

const PROGRAMS: readonly GoProgram[] = [
  { file: 'etcd', package: 'go.etcd.io/etcd/server/v3', versionArguments: ['--version'], says: VERSION },
  { file: 'etcdctl', package: 'go.etcd.io/etcd/etcdctl/v3', versionArguments: ['version'], says: VERSION },
  { file: 'etcdutl', package: 'go.etcd.io/etcd/etcdutl/v3', versionArguments: ['version'], says: VERSION },
];

/** etcd with its two tools. */
export function etcd(): ComponentRecipe {
  return goPrograms({ name: 'etcd', version: VERSION, module: FOLDER, programs: PROGRAMS, usualSeconds: 45 });
}

/** Each of the three programs is a module and its main package in one. */
export const ETCD_MODULE: PinnedModule = {
  folder: FOLDER,
  packages: PROGRAMS.map((program) => program.package),
  requires: PROGRAMS.map((program) => ({ path: program.package, version: `v${VERSION}` })),
};
