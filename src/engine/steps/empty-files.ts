import type { Host } from '../../hosts/host.ts';
import { runOnPaths } from './run-on-paths.ts';

/** Those of some paths that are regular files of no length. */
export async function emptyFiles(paths: readonly string[], host: Host): Promise<readonly string[]> {
  const { stdout } = await runOnPaths(host, ['stat', '--format=%F %n', '--'], paths);
  return [...stdout.matchAll(/^regular empty file (\/.*)$/gm)].map(([, path = '']) => path);
}
