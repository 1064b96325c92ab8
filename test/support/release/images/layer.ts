import { createHash, type Hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { cached, hashFiles, type Report } from '../../cache.ts';
import { expandSources } from '../file-source.ts';
import { sourcesInput } from '../inputs.ts';
import { debianProgramEntries } from './debian-programs.ts';
import type { LayerSource } from './image.ts';
import { tarChunks } from './write-tar.ts';

/** A gzipped layer in the test cache. */
export interface Layer {
  readonly path: string;
  /** `sha256:…` of the gzipped bytes, and their number. */
  readonly digest: string;
  readonly size: number;
  /** `sha256:…` of the tar archive inside. */
  readonly diffId: string;
}

const MAKERS = ['layer.ts', 'write-tar.ts', 'debian-programs.ts', '../file-source.ts'];

/** The layer with these files, made when the test cache has it not. Equal files give an equal digest. */
export async function imageLayer(source: LayerSource, report: Report): Promise<Layer> {
  const inputs = {
    files: await sourcesInput(source.files),
    programs: source.programs ?? null,
    makers: await hashFiles(MAKERS.map((file) => join(import.meta.dirname, file))),
  };
  const make = (directory: string) => writeLayer(source, directory);
  const directory = await cached({ name: 'image-layer', inputs, make }, report);
  const written = JSON.parse(await readFile(join(directory, 'layer.json'), 'utf8')) as Omit<Layer, 'path'>;
  return { ...written, path: join(directory, 'layer.tar.gz') };
}

async function writeLayer(source: LayerSource, directory: string): Promise<void> {
  const entries = [...(await expandSources(source.files))];
  if (source.programs) entries.push(...(await debianProgramEntries(source.programs)));
  const [plain, packed] = [createHash('sha256'), createHash('sha256')];
  let size = 0;
  await pipeline(
    Readable.from(tarChunks(entries)),
    tap(plain, () => {}),
    // Programs gain little from more effort, which would be most of the time that making a release takes.
    createGzip({ level: 1 }),
    tap(packed, (count) => {
      size += count;
    }),
    createWriteStream(join(directory, 'layer.tar.gz')),
  );
  const layer: Omit<Layer, 'path'> = {
    digest: `sha256:${packed.digest('hex')}`,
    size,
    diffId: `sha256:${plain.digest('hex')}`,
  };
  await writeFile(join(directory, 'layer.json'), JSON.stringify(layer));
}

function tap(hash: Hash, count: (bytes: number) => void) {
  return async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      count(chunk.length);
      yield chunk;
    }
  };
}
