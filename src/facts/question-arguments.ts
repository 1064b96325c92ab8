import { certificateDirectories } from '../kubernetes/cluster-node.ts';
import { moduleOptions } from './module-options.ts';
import { imageModules } from './mounts-images.ts';
import type { Questions } from './questions.ts';
import { fapolicyd, systemdResolved } from './read-units.ts';

/** The questions as arguments of `templates/facts/observe.sh`, with those that are always asked. */
export function questionArguments(questions: Questions): readonly string[] {
  const modules = [...imageModules, ...(questions.modules ?? [])];
  const kinds: Readonly<Record<string, readonly (string | undefined)[]>> = {
    administrator: [questions.sudoUser ?? 'root'],
    path: questions.fileSystems ?? [],
    latency: [questions.etcdDirectory],
    module: modules,
    setting: (questions.settings ?? []).map((name) => name.replaceAll('.', '/')),
    option: [...modules.flatMap(moduleOptions), ...(questions.kernelOptions ?? [])],
    unit: [systemdResolved, fapolicyd, ...(questions.units ?? [])],
    leftover: questions.leftovers ?? [],
    probe: questions.probedNetworks ?? [],
    program: questions.programs ?? [],
    directory: certificateDirectories,
    file: questions.files ?? [],
  };
  return Object.entries(kinds).flatMap(([kind, values]) =>
    [...new Set(values)].flatMap((value) => (value === undefined ? [] : [`${kind}=${value}`])),
  );
}
