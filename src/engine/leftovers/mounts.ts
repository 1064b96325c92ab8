import type { Host } from '../../hosts/host.ts';
import { mountPointsOf } from '../../kernel/mounts.ts';
import { unescapeOctal } from '../../kernel/unescape-octal.ts';
import { isMountOf } from '../../plan/reset-paths.ts';

/** Where something is mounted on a host, in the order of mounting; what is mounted over another stands twice. */
export async function mountsOf(host: Host): Promise<readonly string[]> {
  return mountPointsOf((await host.files.read('/proc/self/mountinfo')) ?? '');
}

/** What is mounted of some trees, see `isMountOf`, last first. Links to folders are followed as their owner wants it. */
export async function mountsBelow(host: Host, trees: readonly string[]): Promise<readonly string[]> {
  const places = await Promise.all(trees.map((tree) => realPath(host, tree)));
  const mounts = await mountsOf(host);
  return mounts.filter((point) => isMountOf(point, places)).toReversed();
}

async function realPath(host: Host, path: string): Promise<string> {
  const { exitCode, stdout } = await host.run(['realpath', '--quiet', '--', path]);
  return exitCode === 0 ? stdout.trimEnd() : path;
}

/** Where /etc/fstab has something mounted, see fstab(5). */
export function mountPointsOfTable(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const [source = '#', point] = line.trim().split(/\s+/);
    return source.startsWith('#') || point === undefined || !point.startsWith('/') ? [] : [unescapeOctal(point)];
  });
}
