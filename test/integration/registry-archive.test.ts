import { chmod, chown, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { registryTemplates } from '../../src/product/registry-templates.ts';
import type { Archive } from '../../src/registry/merge-archives.ts';
import { archiveConfiguration, registryConfiguration } from '../../src/registry/nginx-configuration.ts';
import { readImageLayout } from '../../src/registry/read-image-layout.ts';
import { type Client, clientOf } from '../support/registry/ask.ts';
import { makeCertificate } from '../support/registry/certificate.ts';
import { makeLayout } from '../support/registry/image-layout.ts';
import { freePort, type RunningNginx, startNginx, testConfiguration, writeFiles } from '../support/registry/nginx.ts';
import { directoryOfTests } from '../support/test-directory.ts';

const NOBODY = 65_534;

describe('an archive', () => {
  const maker = makeLayout();
  const image = maker.name(maker.image('oci', ['x']), 'quay.io/a/b:v1');
  const packages = {
    'el9/x86_64/core/repodata/repomd.xml': '<repomd/>',
    'el9/x86_64/core/repodata/repomd.xml.asc': 'a signature',
    'el9/x86_64/core/repodata/primary.xml.gz': 'compressed',
    'el9/x86_64/core/kubelet-1.36.3-1.x86_64.rpm': 'a package',
  };
  const directory = directoryOfTests();
  let root: string;

  beforeAll(async () => {
    await chmod(directory, 0o755);
    root = join(directory, 'disc');
    await maker.write(join(root, 'images'));
    await writeFiles(join(root, 'packages'), packages);
    const files = archiveConfiguration(archive(''), await registryTemplates());
    const written = files.map(({ path, content }) => [path, content]);
    await writeFiles(join(root, 'registry'), Object.fromEntries(written) as Record<string, string>);
  });

  function archive(prefix: string): Archive {
    const catalogue = readImageLayout(maker.layout());
    return { name: '136.0.0', catalogue, blobs: `${prefix}images/blobs/sha256`, packages: `${prefix}packages` };
  }

  async function serves(ask: Client): Promise<void> {
    expect((await ask('/v2/quay.io/a/b/manifests/v1')).headers['docker-content-digest']).toBe(image.digest);
    const types = Object.keys(packages).map(async (path) => {
      const answer = await ask(`/packages/136.0.0/${path}`);
      expect(String(answer.body)).toBe(packages[path as keyof typeof packages]);
      expect(answer.headers['content-encoding']).toBeUndefined();
      return answer.headers['content-type'];
    });
    expect(await Promise.all(types)).toEqual([
      'application/xml',
      'application/pgp-keys',
      'application/gzip',
      'application/x-rpm',
    ]);
  }

  test('its own configuration is whole, and its paths are relative to where it is mounted', async () => {
    expect(await testConfiguration(root, 'registry/nginx.conf')).toBe('');
    expect((await readdir(join(root, 'registry'))).sort()).toEqual(['locations.conf', 'nginx.conf', 'tables.conf']);
    const { stdout } = await execa('grep', ['-rF', directory, join(root, 'registry')], { reject: false });
    expect(stdout).toBe('');
  });

  test('its tables and locations serve in a configuration of somebody else, with TLS', async () => {
    const certificate = await makeCertificate(directory);
    const port = await freePort();
    await writeFiles(directory, {
      'own.conf': `events { }
        http {
          include ${root}/registry/tables.conf;
          server {
            listen 127.0.0.1:${port} ssl;
            ssl_certificate ${certificate.certificate};
            ssl_certificate_key ${certificate.key};
            include ${root}/registry/locations.conf;
          }
        }`,
    });
    const options = {
      directory: root,
      port,
      configuration: join(directory, 'own.conf'),
      globals: `pid ${directory}/own.pid;`,
    };
    await withNginx(await startNginx(options), { ca: certificate.authority }, serves);
  });

  test('the site serves it as an ordinary user who may write to one directory alone', async () => {
    const state = join(directory, 'state');
    const port = await freePort();
    await writeFiles(state, { 'nginx.conf': await siteConfiguration(state, port) });
    await chown(state, NOBODY, NOBODY);
    const configuration = join(state, 'nginx.conf');
    const user = [
      'setpriv',
      '--pdeathsig',
      'KILL',
      '--reuid',
      `${NOBODY}`,
      '--regid',
      `${NOBODY}`,
      '--clear-groups',
      '--',
    ];
    await withNginx(await startNginx({ directory: state, port, configuration, user }), {}, serves);
  });

  test('files that went away are no reason to say that there is no such image', async () => {
    const state = join(directory, 'state2');
    const port = await freePort();
    await writeFiles(state, { 'nginx.conf': await siteConfiguration(state, port) });
    const nginx = await startNginx({ directory: state, port, configuration: join(state, 'nginx.conf') });
    await withNginx(nginx, {}, async (ask) => {
      await rename(join(root, 'images'), join(root, 'gone'));
      for (const kind of [`manifests/${image.digest}`, 'manifests/v1', `blobs/${[...maker.blobs.keys()][0]}`]) {
        const { status, body } = await ask(`/v2/quay.io/a/b/${kind}`);
        expect([kind, status, String(body)]).toEqual([kind, 503, expect.stringContaining('is its archive mounted?')]);
      }
      expect((await ask(`/v2/quay.io/a/b/manifests/v2`)).status).toBe(404);
      await rename(join(root, 'gone'), join(root, 'images'));
      await serves(ask);
    });
  });

  async function siteConfiguration(stateDirectory: string, port: number): Promise<string> {
    const server = { listen: [{ address: '127.0.0.1', port }], stateDirectory };
    return registryConfiguration([archive(`${root}/`)], server, await registryTemplates()).nginx;
  }
});

async function withNginx(
  nginx: RunningNginx,
  { ca }: { ca?: string },
  use: (ask: Client) => Promise<void>,
): Promise<void> {
  const ask = clientOf({ port: nginx.port, ...(ca === undefined ? {} : { ca }) });
  try {
    await use(ask);
  } finally {
    ask.close();
    await nginx.stop();
  }
}
