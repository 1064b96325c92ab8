import { posix } from 'node:path';
import type { StepContext } from '../step-handler.ts';

/** Notes paths that are not there yet as ours, with the folders above them that lack too, before whoever calls makes them. */
export async function notePaths(
  paths: readonly string[],
  { host, possessions }: Pick<StepContext, 'host' | 'possessions'>,
): Promise<void> {
  const missing: string[] = [];
  for (const path of new Set(paths.flatMap(withParents))) {
    const isMissing = missing.includes(posix.dirname(path)) || (await host.files.look(path)) === undefined;
    if (isMissing) missing.push(path);
  }
  if (missing.length > 0) await possessions.add(missing.map((path) => ({ what: 'path', path })));
}

/** `/a`, `/a/b`, `/a/b/c` for the last of them. */
function withParents(path: string): readonly string[] {
  const names = posix.normalize(path).split('/').slice(1);
  return names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`);
}
