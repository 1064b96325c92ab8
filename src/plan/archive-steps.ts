import type { MountUnit } from '../salt/archive-mounts.ts';
import { archiveMountPoint } from '../salt/archive-mounts.ts';
import type { AvailableArchive } from './node-archives.ts';
import { placeOf } from './node-archives.ts';
import type { Step } from './plan.ts';
import { plannedFile } from './planned-file.ts';
import type { PlannedNode } from './planned-node.ts';

/** Brings archives to where every node has them, before Salt is there: the same files that Salt keeps in place from then on. */
export function archiveSteps(
  { node, salt }: PlannedNode,
  archives: readonly AvailableArchive[],
  mountsImages: boolean,
): readonly Step[] {
  const host = node.nodeName;
  const { repository, archives: mounted } = salt.state;
  return [
    ...archives.flatMap((archive) => placeStep(host, archive, mountsImages)),
    {
      id: 'place-archive-units',
      host,
      kind: 'place-files',
      title: 'Tell systemd and dnf of the archives, and have metalk8s found',
      reason: 'they are mounted again when the host starts, and Salt and the command come from them',
      disrupts: null,
      directories: [],
      files: [...mounted.files, ...repository.files].map(plannedFile),
    },
    ...mounted.units.map((unit) => mountStep(host, unit)),
    ...archives.map((archive) => checkStep(host, archive)),
  ];
}

function placeStep(host: string, archive: AvailableArchive, mountsImages: boolean): readonly Step[] {
  const { version } = archive.description;
  const { path: target, kind: form } = placeOf(archive, mountsImages);
  if (target === archive.path) return [];
  const cannotMount = archive.kind === 'image' && form === 'folder';
  return [
    {
      id: `place-archive-${version}`,
      host,
      kind: 'place-archive',
      title: `Copy the archive ${version} to ${target}`,
      reason: cannotMount ? 'the kernel of this host mounts no images' : 'it has to stay when its medium is taken out',
      disrupts: null,
      version,
      source: archive.path,
      target,
      form,
      sumsSha256: archive.sumsSha256,
    },
  ];
}

function mountStep(host: string, { name: unit }: MountUnit): Step {
  const title = `Mount ${unit}`;
  const reason = 'packages, images and formulas are read there';
  return { id: `start-${unit}`, host, kind: 'start-unit', title, reason, disrupts: null, unit };
}

function checkStep(host: string, { description: { version }, sumsSha256 }: AvailableArchive): Step {
  return {
    id: `check-archive-${version}`,
    host,
    kind: 'check-archive',
    title: `Compare the files of archive ${version} with its signed list`,
    reason: 'some file systems show files above 4 GiB cut off',
    disrupts: null,
    version,
    path: archiveMountPoint(version),
    sumsSha256,
  };
}
