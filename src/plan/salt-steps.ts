import { posix } from 'node:path';
import { discPaths } from '../disc/paths.ts';
import type { Sum } from '../disc/sums.ts';
import { archiveMountPoint } from '../salt/archive-mounts.ts';
import type { HostState } from '../salt/host-state.ts';
import { kernelModules, kernelSettings } from '../salt/kernel-settings.ts';
import { saltPaths } from '../salt/paths.ts';
import { type SaltPhase, saltCommand } from '../salt/phases.ts';
import type { Step } from './plan.ts';
import { plannedDirectory, plannedFile } from './planned-file.ts';
import type { PlannedNode } from './planned-node.ts';
import type { SystemChanges } from './step-kinds.ts';

/** What a phase is for, in words, and which parts of a host's state it brings about, in the order of templates/salt/metalk8s/phases. */
const phases: Readonly<Record<SaltPhase, PhaseDescription>> = {
  prepare: {
    title: 'Bring the host to the state that Kubernetes needs: packages, kernel settings, no swap, containerd',
    reason: 'everything that follows runs on it',
    disrupts:
      'swap is turned off; packets are forwarded between networks; containers that somebody else runs in the containerd of this host ' +
      'notice its restart',
    places: ['archives', 'repository', 'kernel', 'sysctl', 'networkManager', 'containerd', 'registries'],
    units: ['containerd.service'],
  },
  kubelet: {
    title: 'Configure the kubelet and start it, with the registry’s static pod alone',
    reason: 'the images of all other static pods are pulled from the registry',
    disrupts: null,
    places: ['kubelet', 'registry'],
    units: ['kubelet.service'],
  },
  manifests: {
    title: 'Place the other static pods and what they read',
    reason: 'the kubelet starts each as soon as it is there',
    disrupts: null,
    places: ['node'],
    units: [],
  },
};

interface PhaseDescription {
  readonly title: string;
  readonly reason: string;
  readonly disrupts: string | null;
  readonly places: readonly (keyof HostState)[];
  readonly units: readonly string[];
}

/** Files of the plan that Salt reads. */
export function saltFilesStep({ node, salt }: PlannedNode): Step {
  return {
    id: 'place-salt-files',
    host: node.nodeName,
    kind: 'place-files',
    title: 'Lay down what Salt is told and the files that it will place',
    reason: 'Salt copies files by their digest, and makes no content of its own',
    disrupts: null,
    directories: [],
    files: salt.files.map(plannedFile),
  };
}

/** Formulas of an archive that is mounted on the host. */
export function formulasStep(host: string, version: string, sums: readonly Sum[]): Step {
  const files = sums.flatMap(({ path, sha256 }) => {
    const name = posix.relative(discPaths.salt, path);
    if (name.startsWith('../')) return [];
    const source = `${archiveMountPoint(version)}/${path}`;
    return [{ source, path: `${saltPaths.tree}/${name}`, user: 'root', group: 'root', mode: '0600', sha256 }];
  });
  return {
    id: 'copy-salt-formulas',
    host,
    kind: 'copy-from-archive',
    title: 'Copy Salt’s formulas from the archive',
    reason: 'they stay when the archive is taken away, and are those of the version that the host has',
    disrupts: null,
    version,
    files,
  };
}

/** One masterless run of Salt, with everything that it may change. */
export function saltPhaseStep({ node, salt }: PlannedNode, phase: SaltPhase): Step {
  const { title, reason, disrupts, places, units } = phases[phase];
  const parts = places.map((place) => salt.state[place]);
  // The kubelet looks into folders that formulas make one phase before the files in them.
  const directories = [
    ...parts.flatMap((part) => (phase === 'manifests' ? [] : part.directories)),
    ...(phase === 'kubelet' ? salt.state.node.directories : []),
  ];
  return {
    id: `salt-${phase}`,
    host: node.nodeName,
    kind: 'salt-phase',
    title,
    reason,
    disrupts,
    phase,
    command: saltCommand(phase),
    directories: directories.map(plannedDirectory),
    files: parts.flatMap((part) => [...part.files, ...part.manifests]).map(plannedFile),
    units: [...(phase === 'prepare' ? salt.state.archives.units.map(({ name }) => name) : []), ...units],
    system: phase === 'prepare' ? systemChanges(salt.pillar.metalk8s) : null,
  };
}

function systemChanges({ packages, users }: PlannedNode['salt']['pillar']['metalk8s']): SystemChanges {
  return { packages, users, kernelModules, kernelSettings, swap: 'off' };
}
