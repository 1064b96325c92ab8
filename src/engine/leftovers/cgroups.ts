import type { Host } from '../../hosts/host.ts';

const ROOT = '/sys/fs/cgroup';

/** Whether there are cgroups of pods, in whatever hierarchy. */
export async function hasPodCgroups(host: Host, root = ROOT): Promise<boolean> {
  const found = await host.run(['find', root, '-maxdepth', '2', ...atTheTop(root), '-print', '-quit']);
  return found.stdout !== '';
}

/** Removes those that nothing runs in any more. */
export async function removePodCgroups(host: Host, root = ROOT): Promise<void> {
  await host.run(['systemctl', 'stop', '--quiet', 'kubepods.slice']);
  // Deepest first. Whatever is busy stays, and says so by that.
  await host.run(['find', root, '-depth', ...atTheTop(root), '-exec', 'rmdir', '{}', ';']);
}

/**
 * Words of `find` for cgroups of pods and those below them: at the root of the one hierarchy, or of the hierarchy of a controller. Deeper are
 * those of a cluster that somebody runs in a container.
 */
function atTheTop(root: string): readonly string[] {
  return ['-type', 'd', '-regextype', 'posix-extended', '-regex', `${root}/([^/]+/)?kubepods[^/]*(/.*)?`];
}
