import { discPaths } from '../disc/paths.ts';
import type { NodeFile } from '../kubernetes/node-file.ts';
import { rootFile } from '../kubernetes/root-file.ts';
import { fill, type Template } from '../templates/fill.ts';
import { archiveMountPoint, mountUnitName, type NodeArchive } from './archive-mounts.ts';

/** How metalk8s is called on a node, wherever its archive lies. */
export const NODE_COMMAND = '/usr/local/bin/metalk8s';

/**
 * The command of a node that has the archive of its own version; none elsewhere. It runs the launcher of that archive, which trusts what was signed
 * and nothing else. `template`: templates/host/metalk8s.sh.
 */
export function nodeCommand(
  archives: readonly NodeArchive[],
  version: string,
  template: Template,
): readonly NodeFile[] {
  if (!archives.some((archive) => archive.version === version)) return [];
  const folder = archiveMountPoint(version);
  const values = { version, folder, launcher: `${folder}/${discPaths.launcher}`, unit: mountUnitName(version) };
  return [{ ...rootFile(NODE_COMMAND, 0o755), content: fill(template, values) }];
}
