import { pinModule } from '../pin-module.ts';
import { pinnedModules } from '../pinned-modules.ts';
import { kubernetesModule } from '../recipes/kubernetes.ts';
import type { Subcommand } from './subcommand.ts';

/** Writes go.mod and go.sum under go-modules/: of a Kubernetes version, or of all that is pinned. */
export const pinCommand: Subcommand = {
  usage: 'pin [KUBERNETES_VERSION]',
  purpose:
    'write go.mod and go.sum of that version (or of everything) anew; print the folders, which are to be committed',
  async run([version], report) {
    const modules = version ? [kubernetesModule(version)] : pinnedModules();
    for (const module of modules) process.stdout.write(`${await pinModule(module, report)}\n`);
  },
};
