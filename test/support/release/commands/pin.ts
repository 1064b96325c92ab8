import { pinModule } from '../pin-module.ts';
import { pinRequirements } from '../pin-requirements.ts';
import { pinnedModules } from '../pinned-modules.ts';
import { kubernetesModule } from '../recipes/kubernetes.ts';
import { SALT_REQUIREMENTS } from '../recipes/salt.ts';
import type { Subcommand } from './subcommand.ts';

/** Writes anew what pins a component's sources; a maintainer reads the difference and commits it. */
export const pinCommand: Subcommand = {
  usage: 'pin FOLDER | salt | all',
  purpose:
    'write go.mod and go.sum of e.g. etcd/3.6.8 or a new kubernetes/1.36.4, or the requirements of Salt; print what was written',
  async run([what = ''], report) {
    if (what === 'salt' || what === 'all') await pinSalt();
    if (what === 'salt') return;
    for (const module of await chosen(what)) process.stdout.write(`${await pinModule(module, report)}\n`);
  },
};

async function pinSalt(): Promise<void> {
  for (const [file, requirements] of Object.entries(SALT_REQUIREMENTS)) {
    await pinRequirements(requirements, file);
    process.stdout.write(`${file}\n`);
  }
}

async function chosen(folder: string) {
  const all = await pinnedModules();
  if (folder === 'all') return all;
  const version = /^kubernetes\/(\d+\.\d+\.\d+)$/.exec(folder)?.[1];
  if (version) return [kubernetesModule(version)];
  const found = all.filter((module) => module.folder === folder);
  if (found.length > 0) return found;
  throw new Error(`nothing pins "${folder}": there are salt, ${all.map((module) => module.folder).join(', ')}`);
}
