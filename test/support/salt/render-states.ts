import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { renderYaml } from '../../../src/kubernetes/render-yaml.ts';
import { phaseState, saltPhases } from '../../../src/salt/phases.ts';
import type { SaltPillar } from '../../../src/salt/salt-pillar.ts';
import type { Report } from '../cache.ts';
import { binaries } from '../release/binaries.ts';
import { inTemporaryDirectory } from '../temporary-directory.ts';
import { FORMULAS } from './salt-node.ts';

/** A state as Salt read it: where it stands, and its function with arguments by module. */
export type RenderedState = Readonly<Record<string, unknown>> & { readonly __sls__: string };

export interface Rendering {
  /** For each pillar the states by their id, or Salt's words about why there are none. */
  readonly rendered: Readonly<Record<string, Readonly<Record<string, RenderedState>> | readonly string[]>>;
  /** What the top file chooses, by environment. */
  readonly top: Readonly<Record<string, readonly string[]>>;
}

/** Lets real Salt render all phases, for each pillar, in one process. */
export async function renderStates(
  pillars: Readonly<Record<string, SaltPillar>>,
  report: Report,
  formulas = FORMULAS,
): Promise<Rendering> {
  const salt = await binaries({ name: 'salt' }, report);
  return inTemporaryDirectory(async (directory) => {
    const settings = {
      id: 'rendering',
      file_client: 'local',
      file_roots: { base: [formulas] },
      root_dir: directory,
      enable_fqdns_grains: false,
    };
    await writeFile(join(directory, 'minion'), renderYaml(settings));
    const asked = { configuration: directory, states: saltPhases.map(phaseState), pillars };
    const python = join(salt, 'opt/saltstack/salt/bin/python3');
    const { stdout } = await execa(python, [join(import.meta.dirname, 'render_states.py')], {
      input: JSON.stringify(asked),
    });
    return JSON.parse(stdout) as Rendering;
  });
}
