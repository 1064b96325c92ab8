import type { NodeFile } from '../kubernetes/node-file.ts';
import { renderYaml } from '../kubernetes/render-yaml.ts';
import { rootFile } from '../kubernetes/root-file.ts';
import { filesOf, type HostState, hostState } from './host-state.ts';
import { minionConfiguration } from './minion-configuration.ts';
import { saltPaths } from './paths.ts';
import { sourcePath } from './placed-file.ts';
import type { SaltNode, SaltTemplates } from './salt-node.ts';
import { type SaltPillar, saltPillar } from './salt-pillar.ts';

/** What masterless runs of Salt on a node need, beside the formulas of the disc in `saltPaths.tree`. */
export interface SaltRun {
  readonly pillar: SaltPillar;
  /** What the pillar's digests are of. */
  readonly state: HostState;
  /** To be written before the first phase, all for root alone. Folders above them may have to be made. */
  readonly files: readonly NodeFile[];
}

/** Pure: the same node has the same run, to the byte. */
export function saltRun(salt: SaltNode, templates: SaltTemplates): SaltRun {
  const state = hostState(salt, templates);
  const pillar = saltPillar(salt, state);
  // Many paths may have the same bytes, which lie there once.
  const sources = new Map(filesOf(state).map((file) => [`${saltPaths.files}/${sourcePath(file)}`, file.content]));
  return {
    pillar,
    state,
    files: [
      { ...rootFile(`${saltPaths.configuration}/minion`), content: minionConfiguration(salt.node.nodeName) },
      ...pillarFiles(pillar),
      ...[...sources].map(([path, content]) => ({ ...rootFile(path), content })),
    ],
  };
}

/** The same for every node. */
const TOP = pillarText({ base: { '*': ['node'] } });

function pillarFiles(pillar: SaltPillar): readonly NodeFile[] {
  const file = (name: string, content: string) => ({ ...rootFile(`${saltPaths.pillar}/${name}.sls`), content });
  return [file('top', TOP), file('node', pillarText(pillar))];
}

/** Without the first line, Salt would look for Jinja in what is data. */
function pillarText(content: object): string {
  return `#!yaml\n${renderYaml(content)}`;
}
