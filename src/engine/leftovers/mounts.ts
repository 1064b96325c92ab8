import type { Host } from '../../hosts/host.ts';
import { mountPointsOf } from '../../hosts/mount-points.ts';

/** Where something is mounted on a host, in the order of mounting; what is mounted over another stands twice. */
export async function mountsOf(host: Host): Promise<readonly string[]> {
  return mountPointsOf((await host.files.read('/proc/self/mountinfo')) ?? '');
}

/** Where something is mounted below folders, not at them, last first. Links to folders are followed as their owner wants it. */
export async function mountsBelow(host: Host, paths: readonly string[]): Promise<readonly string[]> {
  const places = await Promise.all(paths.map((path) => realPath(host, path)));
  const mounts = await mountsOf(host);
  return mounts.filter((point) => places.some((place) => point.startsWith(`${place}/`))).toReversed();
}

async function realPath(host: Host, path: string): Promise<string> {
  const { exitCode, stdout } = await host.run(['realpath', '--quiet', '--', path]);
  return exitCode === 0 ? stdout.trimEnd() : path;
}
