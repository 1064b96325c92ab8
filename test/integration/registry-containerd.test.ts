import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostsFiles, type RegistryClient } from '../../src/registry/hosts-toml.ts';
import { makeCertificate, type TestCertificate } from '../support/registry/certificate.ts';
import { startContainerd, type TestContainerd } from '../support/registry/containerd.ts';
import { cuttingProxy } from '../support/registry/cutting-proxy.ts';
import { type Entry, makeLayout } from '../support/registry/image-layout.ts';
import { freePort, writeFiles } from '../support/registry/nginx.ts';
import { type ServedRegistry, serveRegistry } from '../support/registry/serve.ts';

const HOSTS = ['registry.k8s.io', 'docker.io', 'registry.example.com:5000'];
const BIG = 40_000_000;

describe('containerd pulls from the registry', () => {
  const maker = makeLayout();
  const families = ['docker', 'oci'] as const;
  const images = families.map((family) =>
    maker.name(maker.image(family, ['one', family]), `registry.k8s.io/${family}/image:v1`),
  );
  const indexes = families.map((family) => {
    const children = [maker.image(family, ['amd64', family]), maker.image(family, ['arm64', family], 'arm64')];
    return maker.name(maker.index(family, children), `docker.io/library/${family}:v1`);
  });
  maker.name(maker.image('oci', ['with a port']), 'registry.example.com:5000/a/b:v1');
  const big = maker.name(maker.image('oci', [randomBytes(BIG)]), 'registry.k8s.io/big:v1');

  let certificate: TestCertificate;
  let registry: ServedRegistry;
  let plain: ServedRegistry;
  let containerd: TestContainerd;

  beforeAll(async () => {
    const report = (line: string) => process.stderr.write(`${line}\n`);
    registry = await serveRegistry({
      archives: { '136.0.0': maker },
      tls: async (directory) => {
        certificate = await makeCertificate(directory);
        return certificate;
      },
    });
    plain = await serveRegistry({ archives: { '136.0.0': maker } });
    containerd = await startContainerd(report);
  });
  afterAll(async () => {
    await containerd?.stop();
    await registry?.close();
    await plain?.close();
  });

  test.each(families.map((family, index) => [family, index] as const))(
    '%s types over TLS, by tag and by digest',
    async (family, index) => {
      await use({
        endpoints: [`https://127.0.0.1:${registry.nginx.port}`],
        ca: `${certificate.authorityDirectory}/ca.crt`,
      });
      const image = images[index]?.digest ?? '';
      const list = indexes[index]?.digest ?? '';
      const wanted = [
        [`registry.k8s.io/${family}/image:v1`, image],
        [`registry.k8s.io/${family}/image@${image}`, image],
        [`docker.io/library/${family}:v1`, list],
        [`docker.io/library/${family}@${list}`, list],
      ] as const;
      for (const [reference, digest] of wanted) {
        await forget();
        expect(await fetch(reference)).toEqual({ reference, failed: false, output: '' });
        expect(await containerd.content()).toEqual(contentOf(digest));
      }
    },
  );

  test('a host with a port', async () => {
    await use({
      endpoints: [`https://127.0.0.1:${registry.nginx.port}`],
      ca: `${certificate.authorityDirectory}/ca.crt`,
    });
    expect((await fetch('registry.example.com:5000/a/b:v1')).failed).toBe(false);
  });

  test('a download that is cut twice goes on where it was, by Range', async () => {
    const proxy = await cuttingProxy(plain.nginx.port);
    try {
      await use({ endpoints: [`http://127.0.0.1:${proxy.port}`] });
      await forget();
      proxy.cut(2, 10_000_000);
      expect((await fetch('registry.k8s.io/big:v1')).failed).toBe(false);
      expect(await containerd.content()).toEqual(contentOf(big.digest));
      const layer = [...maker.blobs].find(([, bytes]) => bytes.length === BIG)?.[0];
      const ranges = proxy.requests.filter(({ line }) => line.includes(`/blobs/${layer}`)).map(({ range }) => range);
      expect(ranges).toHaveLength(3);
      const offsets = ranges.slice(1).map((range) => Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1]));
      for (const offset of offsets) expect(offset).toBeGreaterThan(5_000_000);
      expect(offsets[1]).toBeGreaterThan(offsets[0] ?? 0);
    } finally {
      await proxy.close();
    }
  });

  test('a resolve costs one HEAD, and every other request is for content', async () => {
    const proxy = await cuttingProxy(plain.nginx.port);
    try {
      await use({ endpoints: [`http://127.0.0.1:${proxy.port}`] });
      await forget();
      expect((await fetch('registry.k8s.io/oci/image:v1')).failed).toBe(false);
      const lines = proxy.requests.map(({ line }) => line);
      expect(lines.filter((line) => line.startsWith('HEAD'))).toEqual([
        'HEAD /v2/registry.k8s.io/oci/image/manifests/v1?ns=registry.k8s.io',
      ]);
      expect(lines.filter((line) => line.includes('/manifests/v1'))).toHaveLength(1);
    } finally {
      await proxy.close();
    }
  });

  test('the first registry is dead: the second gives it', async () => {
    const dead = await freePort();
    await use({
      endpoints: [`https://127.0.0.1:${dead}`, `https://127.0.0.1:${registry.nginx.port}`],
      ca: `${certificate.authorityDirectory}/ca.crt`,
    });
    await forget();
    expect((await fetch('docker.io/library/oci:v1')).failed).toBe(false);
  });

  test('what no registry of ours has is asked of nobody else', async () => {
    const dead = await freePort();
    const clients: RegistryClient[] = [
      { endpoints: [`https://127.0.0.1:${registry.nginx.port}`], ca: `${certificate.authorityDirectory}/ca.crt` },
      { endpoints: [`http://127.0.0.1:${dead}`] },
      { endpoints: [`http://127.0.0.1:${dead}`, `http://127.0.0.1:${plain.nginx.port}`] },
    ];
    for (const client of clients) {
      await use(client);
      for (const reference of ['docker.io/library/other:v1', 'registry.k8s.io/oci/image:v2']) {
        const { failed, output } = await fetch(reference);
        expect(failed).toBe(true);
        expect(output).toMatch(/not found|connection refused/);
        expect(output).not.toMatch(/lookup|registry-1|no such host|https:\/\/registry\.k8s\.io/);
      }
    }
  });

  async function use(client: RegistryClient): Promise<void> {
    const files = hostsFiles(HOSTS, client).map(({ path, content }) => [path, content]);
    await writeFiles(containerd.hostsDirectory, Object.fromEntries(files) as Record<string, string>);
  }

  async function fetch(reference: string) {
    const words = ['content', 'fetch', '--all-platforms', '--hosts-dir', containerd.hostsDirectory, reference];
    const { failed, output } = await containerd.ctr(...words);
    return { reference, failed, output: failed ? output : '' };
  }

  async function forget(): Promise<void> {
    const names = (await containerd.ctr('images', 'ls', '--quiet')).output.split('\n').filter((line) => line !== '');
    if (names.length > 0) await containerd.ctr('images', 'rm', '--sync', ...names);
    const left = await containerd.content();
    if (left.length > 0) await containerd.ctr('content', 'rm', ...left);
    expect(await containerd.content()).toEqual([]);
  }

  function contentOf(digest: string): string[] {
    const found = new Set<string>();
    const queue = [digest];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      found.add(next);
      const bytes = maker.blobs.get(next);
      if (bytes === undefined || bytes.length > 100_000 || bytes[0] !== 0x7b) continue;
      const document = JSON.parse(String(bytes)) as { config?: Entry; layers?: Entry[]; manifests?: Entry[] };
      const entries = [document.config, ...(document.layers ?? []), ...(document.manifests ?? [])];
      queue.push(...entries.flatMap((entry) => (entry?.digest === undefined ? [] : [entry.digest])));
    }
    return [...found].sort();
  }
});
