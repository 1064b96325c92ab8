import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Catalogue } from '../../../src/registry/catalogue.ts';
import type { Report } from '../cache.ts';
import type { TestCertificate } from './certificate.ts';
import { distributionRegistry } from './distribution.ts';
import { writeDistributionStorage } from './distribution-storage.ts';
import { freePort, untilAnswered } from './nginx.ts';

/** What a distribution registry of a test serves, and how. */
export interface DistributionContent {
  readonly catalogue: Catalogue;
  readonly blobs: ReadonlyMap<string, Buffer>;
  readonly tls?: TestCertificate;
  /** The content of a file of htpasswd(1), bcrypt: whoever is not in it gets nothing. */
  readonly htpasswd?: string;
}

export interface RunningDistribution {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts the distribution registry over content of a test, below a directory. Repositories are `<host>/<name>`. */
export async function startDistribution(
  directory: string,
  { catalogue, blobs, tls, htpasswd }: DistributionContent,
  report: Report,
): Promise<RunningDistribution> {
  const program = await distributionRegistry(report);
  const root = join(directory, 'storage');
  await mkdir(root, { recursive: true });
  await writeDistributionStorage(root, catalogue, blobs);
  const port = await freePort();
  const users = join(directory, 'htpasswd');
  if (htpasswd !== undefined) await writeFile(users, htpasswd);
  const configuration = {
    version: 0.1,
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: root } },
    http: {
      addr: `127.0.0.1:${port}`,
      ...(tls === undefined ? {} : { tls: { certificate: tls.certificate, key: tls.key } }),
    },
    ...(htpasswd === undefined ? {} : { auth: { htpasswd: { realm: 'test', path: users } } }),
  };
  const path = join(directory, 'distribution.yml');
  await writeFile(path, JSON.stringify(configuration));
  const child = execa('setpriv', ['--pdeathsig', 'KILL', '--', program, 'serve', path], {
    stdin: 'ignore',
    stdout: 'ignore',
    reject: false,
    env: { OTEL_TRACES_EXPORTER: 'none' },
  });
  await untilAnswered(port);
  return {
    port,
    async stop() {
      child.kill('SIGTERM');
      await child;
    },
  };
}
