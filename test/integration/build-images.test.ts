import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { BuildContext } from '../../src/build/build-context.ts';
import { hexOf } from '../../src/build/images/blob-store.ts';
import { fetchImages, type WantedImage } from '../../src/build/images/fetch-images.ts';
import { readImageLayout } from '../../src/registry/read-image-layout.ts';
import { buildContext, keptReport } from '../support/build/build-context.ts';
import { makeCertificate, type TestCertificate } from '../support/registry/certificate.ts';
import { type CuttingProxy, cuttingProxy } from '../support/registry/cutting-proxy.ts';
import { type Entry, makeLayout } from '../support/registry/image-layout.ts';
import { freePort } from '../support/registry/nginx.ts';
import { type OddRegistry, oddRegistry } from '../support/registry/odd-registry.ts';
import { type RunningDistribution, startDistribution } from '../support/registry/start-distribution.ts';
import { inTemporaryDirectory } from '../support/temporary-directory.ts';
import { directoryOfTest, directoryOfTests } from '../support/test-directory.ts';

const BIG = 30_000_000;

/** User `test`, password `test-password`, as htpasswd(1) writes it. */
const HTPASSWD = 'test:$2b$04$F9/9kaclNQ60py9R/OGve.5sZYJAL7xBD2dEdwa9YFthxYIRo66Ku\n';

const say = (line: string) => process.stderr.write(`${line}\n`);

describe('images of a registry', () => {
  const maker = makeLayout();
  const oci = maker.name(maker.image('oci', ['shared', 'one', '']), 'registry.k8s.io/a/oci:v1');
  const docker = maker.name(maker.image('docker', ['shared', 'two']), 'docker.io/library/docker:v1');
  const children = ['amd64', 'arm64', 'ppc64le'].map((name) => maker.image('oci', ['shared', name], name));
  const index = maker.name(maker.index('oci', children), 'quay.io/a/index:v1');
  const list = maker.name(maker.index('docker', [maker.image('docker', ['listed'])]), 'quay.io/a/list:v1');
  const bigLayer = randomBytes(BIG);
  const large = maker.blob(bigLayer, 'x').digest;
  maker.name(maker.image('oci', ['small one', bigLayer]), 'registry.k8s.io/big:v1');
  maker.name(maker.image('oci', ['small two', bigLayer]), 'registry.k8s.io/bigger:v1');
  maker.name(maker.image('oci', ['to be changed']), 'registry.k8s.io/tampered:v1');
  const tamperedLayer = maker.blob('to be changed', 'x').digest;
  const replaced = maker.image('oci', ['manifest']);
  maker.name(maker.index('oci', [replaced]), 'registry.k8s.io/holds-replaced:v1');
  const everything = [
    'registry.k8s.io/a/oci:v1',
    'docker.io/library/docker:v1',
    'quay.io/a/index:v1',
    'quay.io/a/list:v1',
  ];

  const directory = directoryOfTests();
  let registry: RunningDistribution;
  let proxy: CuttingProxy;
  let caches = 0;

  beforeAll(async () => {
    const blobs = new Map(maker.blobs)
      .set(tamperedLayer, Buffer.from('TO BE CHANGED'))
      .set(
        replaced.digest,
        Buffer.from(String(maker.blobs.get(replaced.digest)).replace('amd64', 'arm64').replace('{', '{ ')),
      );
    registry = await startDistribution(directory, { catalogue: readImageLayout(maker.layout()), blobs }, say);
    proxy = await cuttingProxy(registry.port);
  });
  afterAll(async () => {
    await proxy?.close();
    await registry?.stop();
  });
  afterEach(() => {
    proxy.cut(0, 0);
    proxy.stall(Number.POSITIVE_INFINITY);
  });

  function wanted(reference: string, port = proxy.port): WantedImage {
    return { reference, source: { kind: 'registry', reference: `127.0.0.1:${port}/${reference}`, insecure: true } };
  }

  function newCache(): string {
    caches += 1;
    return join(directory, `cache-${caches}`);
  }

  async function fetch(
    images: readonly WantedImage[],
    changes: Partial<BuildContext> & { readonly cache?: string } = {},
  ) {
    const before = proxy.requests.length;
    const report = keptReport();
    const context = buildContext(newCache(), changes);
    const result = await fetchImages({ images, platforms: ['linux/amd64'] }, context, report);
    const lines = proxy.requests.slice(before).map(({ line }) => line);
    return {
      ...result,
      cache: context.cache,
      told: report.told,
      blobRequests: blobsOf(lines),
      manifestRequests: manifestsOf(lines),
    };
  }

  test('digests and types stay, the index is sparse, every blob is fetched once', async () => {
    const { images, blobs, cache, blobRequests } = await fetch(everything.map((each) => wanted(each)));
    expect(images.map(({ reference, digest, mediaType, size }) => ({ reference, digest, mediaType, size }))).toEqual([
      { reference: everything[1], ...docker },
      { reference: everything[2], ...index },
      { reference: everything[3], ...list },
      { reference: everything[0], ...oci },
    ]);
    expect(images[1]?.children).toEqual([{ digest: children[0]?.digest, platform: 'linux/amd64' }]);
    expect(new Set(blobRequests).size).toBe(blobRequests.length);
    expect((await readdir(join(cache, 'blobs/sha256'))).sort()).toEqual([...blobs.keys()].map(hexOf).sort());
    for (const digest of blobs.keys()) {
      expect(await readFile(join(cache, 'blobs/sha256', hexOf(digest)))).toEqual(maker.blobs.get(digest));
    }
    expect(await readdir(join(cache, 'staging'))).toEqual([]);
  });

  test('a second time costs a manifest an image, and with a lock nothing at all', async () => {
    const first = await fetch(everything.map((each) => wanted(each)));
    const second = await fetch(
      everything.map((each) => wanted(each)),
      { cache: first.cache },
    );
    expect([second.manifestRequests.length, second.blobRequests.length]).toEqual([everything.length, 0]);
    expect(second.told).toContain('unchanged');
    const before = proxy.requests.length;
    const images = first.images.map((locked) => ({ ...wanted(locked.reference), locked }));
    expect((await fetch(images, { cache: first.cache })).images).toEqual(first.images);
    expect(proxy.requests.length).toBe(before);
  });

  test('with a lock and an empty cache it is asked for by digest alone', async () => {
    const [locked] = (await fetch([wanted('quay.io/a/index:v1')])).images;
    if (locked === undefined) throw new Error('nothing was fetched');
    const again = await fetch([{ ...wanted('quay.io/a/index:v1'), locked }]);
    expect(again.images).toEqual([locked]);
    expect(again.manifestRequests.filter((line) => line.endsWith('/v1'))).toEqual([]);
  });

  test('a large layer that two images share is fetched once, by two workers', async () => {
    const { blobRequests, told } = await fetch([wanted('registry.k8s.io/big:v1'), wanted('registry.k8s.io/bigger:v1')]);
    expect(new Set(blobRequests).size).toBe(blobRequests.length);
    expect(blobRequests).toHaveLength(1 + 2 + 2);
    expect(told.filter((line) => line.startsWith('progress') && line.endsWith('bytes')).at(-1)).toMatch(
      /^progress (\d+) \1 /,
    );
  });

  test('a connection that is cut twice costs two more requests for that layer, and none for any other', async () => {
    proxy.cut(2, 5_000_000);
    const { blobRequests, told } = await fetch([wanted('registry.k8s.io/big:v1')]);
    // Newer versions of skopeo go on by Range; older ones end, and are started again.
    const ranges = proxy.requests.filter(({ range }) => range !== undefined);
    const retried = told.filter((line) => line.startsWith('retried'));
    expect(retried.length + ranges.length).toBe(2);
    expect(blobRequests.filter((line) => line.includes(large))).toHaveLength(3);
    expect(layersOf(blobRequests).filter((line) => !line.includes(large))).toHaveLength(1);
  });

  test('killed in the middle of a layer, the next build fetches that layer again and no other', async () => {
    const cache = newCache();
    const before = proxy.requests.length;
    proxy.stall(5_000_000);
    const request = JSON.stringify({ images: [wanted('registry.k8s.io/big:v1')], platforms: ['linux/amd64'] });
    const build = execa(process.execPath, [join(import.meta.dirname, 'fixtures/fetch-images.ts'), cache, request], {
      reject: false,
      stdin: 'ignore',
    });
    await until(async () => {
      const names = await readdir(cache, { recursive: true }).catch(() => []);
      return names.some((name) => name.endsWith(hexOf(maker.blob('small one', 'x').digest)));
    });
    build.kill('SIGKILL');
    await build;
    proxy.stall(Number.POSITIVE_INFINITY);
    await fetch([wanted('registry.k8s.io/big:v1')], { cache });
    const requests = layersOf(blobsOf(proxy.requests.slice(before).map(({ line }) => line)));
    expect(requests.filter((line) => line.includes(large))).toHaveLength(2);
    expect(requests.filter((line) => !line.includes(large))).toHaveLength(1);
    expect(await readdir(join(cache, 'staging'))).toEqual([]);
  });

  test('a stop ends skopeo and is what is thrown; what had come so far stays', async () => {
    const cache = newCache();
    proxy.stall(5_000_000);
    const stop = new AbortController();
    const fetching = fetch([wanted('registry.k8s.io/big:v1')], { cache, stop: stop.signal });
    const ended = expect(fetching).rejects.toThrow('stopped by SIGINT');
    const small = hexOf(maker.blob('small one', 'x').digest);
    await until(async () =>
      (await readdir(cache, { recursive: true }).catch(() => [])).some((name) => name.endsWith(small)),
    );
    stop.abort(new Error('stopped by SIGINT'));
    await ended;
    expect(await readdir(join(cache, 'blobs/sha256'))).toContain(small);
    expect(await readdir(join(cache, 'staging'))).toEqual([]);
  });

  describe('what cannot be had, each by the name of the image and of the registry', () => {
    test.each<[string, string, string, RegExp]>([
      ['a tag that is not there', 'registry.k8s.io/a/oci:v9', 'RELEASE_INVALID', /does not have it/],
      ['a name that is not there', 'registry.k8s.io/nothing:v1', 'RELEASE_INVALID', /does not have it/],
      ['a changed layer', 'registry.k8s.io/tampered:v1', 'VERIFICATION_FAILED', /not what its digest says/],
      [
        'a changed manifest',
        'registry.k8s.io/holds-replaced:v1',
        'VERIFICATION_FAILED',
        /not what its digest says|was asked for/,
      ],
    ])('%s', async (_, reference, code, message) => {
      await expect(fetch([wanted(reference)])).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
        where: `${reference}, fetched from 127.0.0.1:${proxy.port}/${reference}`,
        hint: expect.any(String),
      });
    });

    test('a platform', async () => {
      const request = { images: [wanted('quay.io/a/index:v1')], platforms: ['linux/amd64', 'linux/s390x'] };
      await expect(fetchImages(request, buildContext(newCache()), keptReport())).rejects.toMatchObject({
        code: 'RELEASE_INVALID',
        message: 'The image does not exist for linux/s390x',
        where: expect.stringContaining('quay.io/a/index:v1'),
      });
    });

    test('another digest than the lock has: both are told', async () => {
      const locked = {
        reference: 'registry.k8s.io/a/oci:v1',
        ...oci,
        digest: `sha256:${'0'.repeat(64)}`,
        children: [],
      };
      await expect(fetch([{ ...wanted('registry.k8s.io/a/oci:v1'), locked }])).rejects.toMatchObject({
        code: 'VERIFICATION_FAILED',
        message: expect.stringContaining(`the lock has ${locked.digest}, found ${oci.digest}`),
        hint: expect.stringContaining('--update-lock'),
      });
    });

    test('a registry that nobody runs, after three tries', async () => {
      const port = await freePort();
      const report = keptReport();
      const request = { images: [wanted('registry.k8s.io/a/oci:v1', port)], platforms: ['linux/amd64'] };
      await expect(fetchImages(request, buildContext(newCache()), report)).rejects.toMatchObject({
        code: 'HOST_UNREACHABLE',
        where: `registry.k8s.io/a/oci:v1, fetched from 127.0.0.1:${port}/registry.k8s.io/a/oci:v1`,
        cause: { message: expect.stringContaining('connection refused') },
      });
      expect(report.told.filter((line) => line.startsWith('retried'))).toHaveLength(2);
    });

    test('skopeo itself, with the packages that have it', async () => {
      await expect(fetch([wanted('registry.k8s.io/a/oci:v1')], { env: { PATH: '/nowhere' } })).rejects.toMatchObject({
        code: 'PREFLIGHT_FAILED',
        message: expect.stringContaining('skopeo'),
        hint: expect.stringMatching(/Debian.*Enterprise Linux/),
      });
    });
  });

  test.each(['registry', 'layout'] as const)(
    'a full disk is told, and half of nothing stays: from a %s',
    async (kind) => {
      const cache = newCache();
      const layout = join(directory, 'layout');
      await mkdir(cache);
      if (kind === 'layout') await maker.write(layout);
      const reference = 'registry.k8s.io/big:v1';
      const source = kind === 'registry' ? wanted(reference).source : { kind, directory: layout, reference };
      const request = JSON.stringify({ images: [{ reference, source }], platforms: ['linux/amd64'] });
      const script = 'mount -t tmpfs -o size=4m none "$1" && "$0" "$2" "$1" "$3" && find "$1" -type f >&2';
      const build = join(import.meta.dirname, 'fixtures/fetch-images.ts');
      // The small file system is gone with the namespace that it is mounted in.
      const { stdout, stderr } = await execa('unshare', [
        '--mount',
        'sh',
        '-c',
        script,
        process.execPath,
        cache,
        build,
        request,
      ]);
      expect(JSON.parse(stdout)).toMatchObject({
        code: 'STEP_FAILED',
        message: expect.stringMatching(/disk of the cache is full/),
      });
      const left = stderr.split('\n').filter((line) => line !== '');
      for (const path of left) expect(path).toMatch(/\/blobs\/sha256\/[0-9a-f]{64}$/);
    },
  );

  /** When the configuration is fetched, and how often, differs between versions of skopeo. */
  function layersOf(requests: readonly string[]): string[] {
    return requests.filter((line) => !String(maker.blobs.get(line.slice(0, 71))).startsWith('{"architecture"'));
  }
});

describe('a registry that means no good', () => {
  const maker = makeLayout();
  const image = maker.image('oci', ['a layer']);
  const layer = maker.blob('a layer', 'x').digest;
  let registry: OddRegistry;
  const good = maker.image('oci', []);
  let sent = 0;
  let moments = 2;

  beforeAll(async () => {
    const blob = (digest: string) => (response: ServerResponse) => response.end(maker.blobs.get(digest));
    const manifestAnswer = (response: ServerResponse) =>
      response.setHeader('content-type', image.mediaType).end(maker.blobs.get(image.digest));
    registry = await oddRegistry({
      ...Object.fromEntries([...maker.blobs.keys()].map((digest) => [digest, blob(digest)])),
      [image.digest]: manifestAnswer,
      [layer]: (response) => {
        const more = () => {
          for (let room = true; room && !response.destroyed; sent += 1_000_000)
            room = response.write(Buffer.alloc(1_000_000));
        };
        response.on('drain', more);
        more();
      },
      endless: manifestAnswer,
      busy: (response) => {
        moments -= 1;
        if (moments >= 0) response.writeHead(503).end();
        else response.setHeader('content-type', good.mediaType).end(maker.blobs.get(good.digest));
      },
      [good.digest]: (response) => response.setHeader('content-type', good.mediaType).end(maker.blobs.get(good.digest)),
      schema1: (response) =>
        response
          .setHeader('content-type', 'application/vnd.docker.distribution.manifest.v1+prettyjws')
          .end('{"schemaVersion":1,"name":"a","tag":"v1","fsLayers":[],"history":[]}'),
      huge: (response) => response.setHeader('content-type', image.mediaType).end(Buffer.alloc(5_000_000, ' ')),
      page: (response) => response.setHeader('content-type', 'text/html').end('<html>Please log in</html>'),
    });
  });
  afterAll(() => registry?.close());

  test.each<[string, string, string, RegExp]>([
    ['a layer without end', 'endless', 'VERIFICATION_FAILED', /sends more than the \d+ bytes that it announced/],
    ['a manifest that is too large', 'huge', 'RELEASE_INVALID', /larger than|too large/],
    ["a manifest of Docker's schema 1", 'schema1', 'RELEASE_INVALID', /schema 1/],
    ['a web page', 'page', 'RELEASE_INVALID', /is no JSON/],
  ])('%s', async (_, tag, code, message) => {
    const reference = `registry.k8s.io/odd:${tag}`;
    const source = { kind: 'registry', reference: `127.0.0.1:${registry.port}/odd:${tag}`, insecure: true } as const;
    await inTemporaryDirectory(async (cache) => {
      const request = { images: [{ reference, source }], platforms: ['linux/amd64'] };
      await expect(fetchImages(request, buildContext(cache), keptReport())).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
        where: expect.stringContaining(reference),
      });
      expect(await readdir(join(cache, 'staging'))).toEqual([]);
      expect(await readdir(join(cache, 'blobs/sha256'))).not.toContain(hexOf(layer));
    });
  });

  test('a bad moment is waited for, with growing pauses', async () => {
    const reference = `127.0.0.1:${registry.port}/odd:busy`;
    const report = keptReport();
    await inTemporaryDirectory(async (cache) => {
      const images = [
        { reference: 'registry.k8s.io/odd:busy', source: { kind: 'registry', reference, insecure: true } as const },
      ];
      await fetchImages({ images, platforms: ['linux/amd64'] }, buildContext(cache), report);
    });
    expect(report.told.filter((line) => line.startsWith('retried'))).toEqual([
      expect.stringMatching(/^retried 1 registry\.k8s\.io\/odd:busy, fetched from 127\.0\.0\.1.* 1000$/s),
      expect.stringMatching(/^retried 2 .* 2000$/s),
    ]);
  });

  test('no more than some seconds of it was taken', () => {
    expect(sent).toBeGreaterThan(16_000_000);
    expect(sent).toBeLessThan(20_000_000_000);
  });
});

describe('a registry that asks who we are, over TLS', () => {
  const maker = makeLayout();
  const image: Entry = maker.name(maker.image('oci', ['private']), 'registry.k8s.io/private:v1');
  const directory = directoryOfTests();
  let registry: RunningDistribution;
  let certificate: TestCertificate;

  beforeAll(async () => {
    certificate = await makeCertificate(directory);
    const catalogue = readImageLayout(maker.layout());
    registry = await startDistribution(
      directory,
      { catalogue, blobs: maker.blobs, tls: certificate, htpasswd: HTPASSWD },
      say,
    );
  });
  afterAll(async () => {
    await registry?.stop();
  });

  async function fetch(changes: { readonly ca?: string; readonly insecure?: true; readonly authFile?: string }) {
    const { authFile, ...spoken } = changes;
    const reference = 'registry.k8s.io/private:v1';
    const source = { kind: 'registry', reference: `127.0.0.1:${registry.port}/${reference}`, ...spoken } as const;
    const cache = await mkdtemp(join(directory, 'cache-'));
    const env = {
      PATH: process.env.PATH,
      HOME: cache,
      ...(authFile === undefined ? {} : { REGISTRY_AUTH_FILE: authFile }),
    };
    return fetchImages(
      { images: [{ reference, source }], platforms: ['linux/amd64'] },
      buildContext(cache, { env }),
      keptReport(),
    );
  }

  async function authFile(password: string): Promise<string> {
    const path = join(directory, `auth-${password}.json`);
    const auth = Buffer.from(`test:${password}`).toString('base64');
    await writeFile(path, JSON.stringify({ auths: { [`127.0.0.1:${registry.port}`]: { auth } } }));
    return path;
  }

  test('with the CA of the mirror and the auth file it is fetched', async () => {
    const ca = join(certificate.authorityDirectory, 'ca.crt');
    const { images } = await fetch({ ca, authFile: await authFile('test-password') });
    expect(images[0]?.digest).toBe(image.digest);
  });

  test.each<[string, () => Promise<Parameters<typeof fetch>[0]>, string, RegExp]>([
    ['without the CA', async () => ({}), 'VERIFICATION_FAILED', /certificate/],
    ['without the auth file', async () => ({ insecure: true }), 'LOGIN_REFUSED', /refuses/],
    [
      'with a wrong password',
      async () => ({ insecure: true, authFile: await authFile('wrong') }),
      'LOGIN_REFUSED',
      /refuses/,
    ],
    ['with a CA file that is not there', async () => ({ ca: '/nowhere/ca.crt' }), 'RELEASE_INVALID', /cannot be read/],
  ])('%s it is not', async (_, changes, code, message) => {
    await expect(fetch(await changes())).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

test('a registry of plain HTTP is refused unless its mirror is marked', async () => {
  const directory = await directoryOfTest();
  const maker = makeLayout();
  maker.name(maker.image('oci', ['plain']), 'registry.k8s.io/plain:v1');
  const registry = await startDistribution(
    directory,
    { catalogue: readImageLayout(maker.layout()), blobs: maker.blobs },
    say,
  );
  try {
    const reference = 'registry.k8s.io/plain:v1';
    const source = { kind: 'registry', reference: `127.0.0.1:${registry.port}/${reference}` } as const;
    const request = { images: [{ reference, source }], platforms: ['linux/amd64'] };
    await expect(fetchImages(request, buildContext(join(directory, 'cache')), keptReport())).rejects.toMatchObject({
      code: 'HOST_UNREACHABLE',
      message: expect.stringContaining('does not speak TLS'),
      hint: expect.stringContaining('insecure: true'),
    });
  } finally {
    await registry.stop();
  }
});

function blobsOf(lines: readonly string[]): string[] {
  return lines
    .filter((line) => line.startsWith('GET ') && line.includes('/blobs/'))
    .map((line) => line.replace(/^.*\/blobs\//, ''));
}

function manifestsOf(lines: readonly string[]): string[] {
  return lines.filter((line) => line.includes('/manifests/'));
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 30_000; !(await condition()); await sleep(20)) {
    if (Date.now() > deadline) throw new Error('it did not come about within 30 seconds');
  }
}
