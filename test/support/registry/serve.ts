import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registryTemplates } from '../../../src/product/registry-templates.ts';
import type { DifferingTag } from '../../../src/registry/merge-archives.ts';
import { registryConfiguration } from '../../../src/registry/nginx-configuration.ts';
import { readImageLayout } from '../../../src/registry/read-image-layout.ts';
import { type Client, clientOf } from './ask.ts';
import type { TestCertificate } from './certificate.ts';
import type { LayoutMaker } from './image-layout.ts';
import { freePort, type RunningNginx, startNginx, testConfiguration, writeFiles } from './nginx.ts';

/** A registry over the layouts of a test, in a directory of its own. */
export interface ServedRegistry {
  readonly directory: string;
  readonly nginx: RunningNginx;
  readonly ask: Client;
  readonly configuration: string;
  readonly differingTags: readonly DifferingTag[];
  close(): Promise<void>;
}

export interface Serving {
  /** Newest first, by archive name. */
  readonly archives: Readonly<Record<string, LayoutMaker>>;
  readonly tls?: (directory: string) => Promise<TestCertificate>;
}

/** Writes the layouts, makes the configuration by the product's own functions, and starts nginx with it. */
export async function serveRegistry({ archives, tls }: Serving): Promise<ServedRegistry> {
  const directory = await mkdtemp(join(tmpdir(), 'mk8s-registry-'));
  try {
    const certificate = await tls?.(directory);
    for (const [name, maker] of Object.entries(archives)) await maker.write(join(directory, name, 'images'));
    const port = await freePort();
    const { nginx: configuration, differingTags } = registryConfiguration(
      Object.entries(archives).map(([name, maker]) => ({
        name,
        catalogue: readImageLayout(maker.layout(`${name}/images`)),
        blobs: join(directory, name, 'images/blobs/sha256'),
        packages: join(directory, name, 'packages'),
      })),
      {
        listen: [{ address: '127.0.0.1', port }],
        stateDirectory: directory,
        ...(certificate === undefined ? {} : { tls: certificate }),
      },
      await registryTemplates(),
    );
    const path = join(directory, 'nginx.conf');
    await writeFiles(directory, { 'nginx.conf': configuration });
    const complaint = await testConfiguration(directory, path);
    if (complaint !== '') throw new Error(`nginx complains: ${complaint}`);
    const nginx = await startNginx({ directory, port, configuration: path });
    const ask = clientOf({ port, ...(certificate === undefined ? {} : { ca: certificate.authority }) });
    return {
      directory,
      nginx,
      ask,
      configuration,
      differingTags,
      async close() {
        ask.close();
        await nginx.stop();
        await rm(directory, { recursive: true });
      },
    };
  } catch (error) {
    await rm(directory, { recursive: true });
    throw error;
  }
}
