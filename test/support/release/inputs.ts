import { sep } from 'node:path';
import { cacheRoot, hashFiles } from '../cache.ts';
import { expandSources, type FileSource } from './file-source.ts';

/**
 * What a cached recipe depends on when it packs these files. What lies in the test cache is named by its path, which
 * holds the hash of what it was made from; anything else by its content.
 */
export async function sourcesInput(sources: readonly FileSource[]): Promise<unknown> {
  return Promise.all(sources.map(sourceInput));
}

async function sourceInput(source: FileSource): Promise<unknown> {
  if (!('source' in source) || source.source.startsWith(cacheRoot() + sep)) return source;
  const entries = await expandSources([source]);
  const files = entries.flatMap((entry) => (entry.kind === 'file' ? [entry.source] : []));
  return { ...source, content: await hashFiles(files), entries };
}
