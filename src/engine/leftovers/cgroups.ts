import type { Host } from '../../hosts/host.ts';

const ROOT = '/sys/fs/cgroup';

/** Whether there are cgroups of pods, in whatever hierarchy. */
export async function hasPodCgroups(host: Host): Promise<boolean> {
  const { stdout } = await host.run([
    'find',
    ROOT,
    '-maxdepth',
    '3',
    '-type',
    'd',
    '-name',
    'kubepods*',
    '-print',
    '-quit',
  ]);
  return stdout !== '';
}

/** Removes those that nothing runs in any more. */
export async function removePodCgroups(host: Host): Promise<void> {
  await host.run(['systemctl', 'stop', '--quiet', 'kubepods.slice']);
  // Deepest first. Whatever is busy stays, and says so by that.
  await host.run(['find', ROOT, '-depth', '-type', 'd', '-path', '*/kubepods*', '-exec', 'rmdir', '{}', ';']);
}
