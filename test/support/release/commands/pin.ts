import { pinModule } from '../pin-module.ts';
import { pinnedModules } from '../pinned-modules.ts';
import { kubernetesModule } from '../recipes/kubernetes.ts';
import type { Subcommand } from './subcommand.ts';

/** Writes go.mod and go.sum under go-modules/: of one pinned folder, of another Kubernetes version, or of all that is pinned. */
export const pinCommand: Subcommand = {
  usage: 'pin [FOLDER]',
  purpose:
    'write go.mod and go.sum of e.g. etcd/3.6.8, kubernetes/1.36.4 (or of everything) anew; print the folders, to be committed',
  async run([folder], report) {
    for (const module of chosen(folder)) process.stdout.write(`${await pinModule(module, report)}\n`);
  },
};

function chosen(folder: string | undefined) {
  const all = pinnedModules();
  if (!folder) return all;
  const version = /^kubernetes\/(\d+\.\d+\.\d+)$/.exec(folder)?.[1];
  if (version) return [kubernetesModule(version)];
  const found = all.filter((module) => module.folder === folder);
  if (found.length === 0) {
    throw new Error(`nothing pins ${folder}: there are ${all.map((module) => module.folder).join(', ')}`);
  }
  return found;
}
