import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer as createProxy } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BuildContext } from '../../src/build/build-context.ts';
import { type FilesRequest, fetchFiles } from '../../src/build/files/fetch-files.ts';
import { MetalK8sError } from '../../src/errors/metalk8s-error.ts';
import type { StepReport } from '../../src/events/step-report.ts';
import { makeCertificate } from '../support/registry/certificate.ts';
import { directoryOfTests } from '../support/test-directory.ts';

/** What the server answers to the next questions for a path; the last one answers all that follow. */
type Script = readonly ((asked: Asked) => Answer)[];
interface Asked {
  readonly range: string | undefined;
  readonly condition: string | undefined;
}
interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  /** Bytes after which the connection is cut. */
  readonly cutAfter?: number;
}

const directory = directoryOfTests();
let cache: string;
let server: Server;
let origin: string;
let authority: string;
let asked: (Asked & { path: string })[] = [];
const scripts = new Map<string, Script>();

beforeAll(async () => {
  const { certificate, key, authorityDirectory } = await makeCertificate(directory);
  authority = join(authorityDirectory, 'ca.crt');
  server = createServer({ cert: await readFile(certificate), key: await readFile(key) }, (incoming, outgoing) => {
    const path = incoming.url ?? '';
    const question = { range: incoming.headers.range, condition: incoming.headers['if-none-match'] };
    const nth = asked.filter((each) => each.path === path).length;
    asked.push({ path, ...question });
    const script = scripts.get(path) ?? [];
    const answer: Answer = (script[nth] ?? script.at(-1))?.(question) ?? { status: 404 };
    const { status, headers = {}, body = '', cutAfter } = answer;
    const bytes = Buffer.from(body);
    outgoing.writeHead(status, { 'content-length': bytes.length, ...headers });
    if (cutAfter === undefined) outgoing.end(bytes);
    else outgoing.write(bytes.subarray(0, cutAfter), () => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(async () => {
  cache = await mkdtemp(join(directory, 'cache-'));
  asked = [];
});

const content = (body: Buffer | string, etag?: string): Script => [
  ({ range, condition }) => {
    const bytes = Buffer.from(body);
    const headers = etag === undefined ? {} : { etag };
    if (condition !== undefined && condition === etag) return { status: 304, headers };
    const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    if (start === 0) return { status: 200, headers, body: bytes };
    const range206 = { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
    return start < bytes.length
      ? { status: 206, headers: { ...headers, ...range206 }, body: bytes.subarray(start) }
      : { status: 416 };
  },
];

function sha256(body: Buffer | string): string {
  return createHash('sha256').update(body).digest('hex');
}

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly stop?: AbortSignal;
  readonly locked?: FilesRequest['locked'];
}

/** Fetches one file of the server, and gives its stored bytes back. */
async function fetchOne(path: string, pins: { sha256?: string } = {}, options: Options = {}) {
  const url = path.startsWith('https:') ? path : `${origin}${path}`;
  return fetchAll([{ path: 'x', url, ...pins, source: { kind: 'url', url } }], options);
}

async function fetchAll(files: FilesRequest['files'], { env = {}, stop, locked }: Options = {}) {
  const retried: string[] = [];
  let unchanged = false;
  const context: BuildContext = {
    cache,
    concurrency: 2,
    epoch: 0,
    stop: stop ?? new AbortController().signal,
    env: { SSL_CERT_FILE: authority, ...env },
  };
  const report = {
    progress: () => {},
    unchanged: () => {
      unchanged = true;
    },
    retried: (attempt: number, why: string, next: number) => retried.push(`${attempt}: ${why}, ${next} ms`),
  } as unknown as StepReport;
  const fetched = await fetchFiles({ files, ...(locked === undefined ? {} : { locked }) }, context, report);
  const bytes = await Promise.all([...fetched.stored.values()].map(({ file }) => readFile(file)));
  return { ...fetched, bytes, retried, unchanged };
}

/** Waits until the one file of a directory has so many bytes. */
async function untilHolds(folder: string, size: number): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (performance.now() < deadline) {
    const [name] = await readdir(folder);
    if (name !== undefined && (await stat(join(folder, name))).size === size) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function failure(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error('nothing failed'),
    (thrown: unknown) => thrown,
  );
  return error instanceof MetalK8sError ? `${error.code}: ${error.message} [${error.where ?? ''}]` : String(error);
}

describe('a file of an address', () => {
  test('is fetched once when it is pinned, and served from the cache even where nobody answers any more', async () => {
    scripts.set('/pinned', content('a manifest'));
    const pin = { sha256: sha256('a manifest') };
    const first = await fetchOne('/pinned', pin);
    expect(first.files).toEqual([{ url: `${origin}/pinned`, sha256: pin.sha256, size: 10 }]);
    scripts.set('/pinned', [() => ({ status: 404 })]);
    const second = await fetchOne('/pinned', pin);
    expect([String(first.bytes[0]), String(second.bytes[0])]).toEqual(['a manifest', 'a manifest']);
    expect(asked).toHaveLength(1);
    expect([first.unchanged, second.unchanged]).toEqual([false, true]);
  });

  test('that is not pinned is asked for each time, and sent again only when it has changed', async () => {
    scripts.set('/open', content('one', '"1"'));
    await fetchOne('/open');
    const again = await fetchOne('/open');
    expect([String(again.bytes[0]), again.unchanged]).toEqual(['one', true]);
    scripts.set('/open', content('two', '"2"'));
    expect(String((await fetchOne('/open')).bytes[0])).toBe('two');
    expect(asked.map(({ condition }) => condition)).toEqual([undefined, '"1"', '"1"']);
  });

  test('damaged in the cache is noticed and fetched again', async () => {
    scripts.set('/damaged', content('whole'));
    const { stored } = await fetchOne('/damaged', { sha256: sha256('whole') });
    await writeFile([...stored.values()][0]?.file ?? '', 'wholf');
    expect(String((await fetchOne('/damaged', { sha256: sha256('whole') })).bytes[0])).toBe('whole');
  });

  test('is refused when it is not what the list or the lock pins, and stays out of the cache', async () => {
    scripts.set('/changed', content('other'));
    const pinned = sha256('expected');
    expect(await failure(fetchOne('/changed', { sha256: pinned }))).toBe(
      `VERIFICATION_FAILED: A file is not what the release list pins: expected sha256 ${pinned}, found ${sha256('other')} (5 bytes) [${origin}/changed]`,
    );
    const locked = [{ url: `${origin}/changed`, sha256: pinned, size: 5 }];
    expect(await failure(fetchOne('/changed', {}, { locked }))).toContain(
      `what the lock pins: expected sha256 ${pinned} (5 bytes), found ${sha256('other')}`,
    );
    expect(await failure(fetchOne('/changed', {}, { locked: [] }))).toContain(
      'RELEASE_INVALID: The lock has no checksum',
    );
    expect(await failure(fetchOne('/changed', { sha256: sha256('x') }, { locked }))).toContain('the lock to');
    for (const folder of ['sha256', 'partial']) expect(await readdir(join(cache, 'files', folder))).toEqual([]);
  });

  test('is refused as soon as it is larger than the lock says, however much would come', async () => {
    scripts.set('/large', content(randomBytes(100_000)));
    const locked = [{ url: `${origin}/large`, sha256: sha256(''), size: 10 }];
    expect(await failure(fetchOne('/large', {}, { locked }))).toContain('A file has more than the 10 bytes');
  });

  test('goes on where a cut connection ended', async () => {
    const body = randomBytes(300_000);
    const [whole] = content(body);
    if (whole === undefined) throw new Error('no script');
    scripts.set('/cut', [() => ({ status: 200, body, cutAfter: 200_000 }), whole]);
    const { bytes, retried } = await fetchOne('/cut', { sha256: sha256(body) });
    expect(bytes[0]?.equals(body)).toBe(true);
    expect(retried).toEqual([expect.stringMatching(/^1: 127\.0\.0\.1:\d+: the connection was cut, 1000 ms$/)]);
    expect(asked[1]?.range).toMatch(/^bytes=\d+-$/);
  });

  test('goes on where an earlier build was stopped, and begins anew when what is there belongs to something else', async () => {
    const body = randomBytes(300_000);
    const pin = { sha256: sha256(body) };
    const stop = new AbortController();
    const reason = new MetalK8sError('INTERRUPTED', 'stopped');
    const partials = join(cache, 'files/partial');
    scripts.set('/stopped', [
      () => {
        untilHolds(partials, 100_000).then(
          () => stop.abort(reason),
          () => {},
        );
        return { status: 200, headers: { 'content-length': '300000' }, body: body.subarray(0, 100_000) };
      },
      ...content(body),
    ]);
    expect(await failure(fetchOne('/stopped', pin, { stop: stop.signal }))).toContain('INTERRUPTED');
    const [partial = ''] = await readdir(partials);
    expect((await readFile(join(partials, partial))).equals(body.subarray(0, 100_000))).toBe(true);
    expect((await fetchOne('/stopped', pin)).bytes[0]?.equals(body)).toBe(true);
    expect(asked[1]?.range).toBe('bytes=100000-');

    await writeFile(join(partials, partial), randomBytes(1000));
    await rm(join(cache, 'files/sha256', pin.sha256));
    expect((await fetchOne('/stopped', pin)).bytes[0]?.equals(body)).toBe(true);
    expect(await readdir(partials)).toEqual([]);
  });

  test('is asked for again when the server is busy, and not when it has no such file', async () => {
    scripts.set('/busy', [() => ({ status: 503 }), ...content('late')]);
    const { bytes, retried } = await fetchOne('/busy');
    expect([String(bytes[0]), retried]).toEqual(['late', [expect.stringContaining('the answer is 503, 1000 ms')]]);
    expect(await failure(fetchOne('/absent'))).toMatch(
      /^RELEASE_INVALID: 127\.0\.0\.1:\d+ does not give a file of the release: it answers 404/,
    );
    expect(asked.filter(({ path }) => path === '/absent')).toHaveLength(1);
  });

  test('follows redirections, but not away from TLS and not for ever', async () => {
    scripts.set('/from', [() => ({ status: 302, headers: { location: '/to?signature=secret' } })]);
    scripts.set('/to?signature=secret', content('moved'));
    expect(String((await fetchOne('/from')).bytes[0])).toBe('moved');
    scripts.set('/plain', [() => ({ status: 301, headers: { location: 'http://127.0.0.1/to?signature=secret' } })]);
    const plain = await failure(fetchOne('/plain'));
    expect(plain).toContain('it redirects to http://127.0.0.1/to, which is not an https: address');
    expect(plain).not.toContain('secret');
    scripts.set('/loop', [() => ({ status: 302, headers: { location: '/loop' } })]);
    expect(await failure(fetchOne('/loop'))).toContain('it redirects more than 5 times');
    expect(await failure(fetchOne('https://user:word@127.0.0.1/'))).toContain('it holds a user or password');
  });

  test('is refused in an encoding that changes its bytes', async () => {
    scripts.set('/encoded', [() => ({ status: 200, headers: { 'content-encoding': 'gzip' }, body: 'x' })]);
    expect(await failure(fetchOne('/encoded'))).toContain('A file is sent as "gzip"');
  });

  test('comes only from a server that is who it says', async () => {
    scripts.set('/trusted', content('x'));
    const other = join(directory, 'other');
    const { authorityDirectory } = await makeCertificate(other);
    expect(
      await failure(fetchOne('/trusted', {}, { env: { SSL_CERT_FILE: join(authorityDirectory, 'ca.crt') } })),
    ).toMatch(/^VERIFICATION_FAILED: 127\.0\.0\.1:\d+ cannot show that it is/);
    expect(await failure(fetchOne('/trusted', {}, { env: { SSL_CERT_FILE: '/nowhere' } }))).toContain(
      'PREFLIGHT_FAILED',
    );
  });

  test('goes through the proxy that the environment names, and past it where that is wanted', async () => {
    const tunnels: string[] = [];
    const proxy = createProxy().on('connect', (incoming, socket, head) => {
      tunnels.push(incoming.url ?? '');
      const [host = '', port = ''] = (incoming.url ?? '').split(':');
      const onward = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.write(head);
        onward.pipe(socket).pipe(onward);
      });
      socket.on('close', () => onward.destroy()).on('error', () => {});
      onward.on('close', () => socket.destroy()).on('error', () => {});
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const HTTPS_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    try {
      scripts.set('/proxied', content('by proxy'));
      expect(String((await fetchOne('/proxied', {}, { env: { HTTPS_PROXY } })).bytes[0])).toBe('by proxy');
      expect(tunnels).toEqual([new URL(origin).host]);
      await fetchOne('/proxied', {}, { env: { HTTPS_PROXY, NO_PROXY: '127.0.0.1' } });
      expect(tunnels).toHaveLength(1);
    } finally {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    }
  });
});

describe('a file of a mirror’s directory', () => {
  test('is copied into the cache under the address that it stands for', async () => {
    const path = join(cache, 'mirrored.yaml');
    await writeFile(path, 'here');
    const url = 'https://upstream.example.com/manifest.yaml';
    const files = [{ path: 'm.yaml', url, source: { kind: 'file' as const, path } }];
    const { files: locked, bytes } = await fetchAll(files);
    expect([locked, String(bytes[0])]).toEqual([[{ url, sha256: sha256('here'), size: 4 }], 'here']);
    await rm(path);
    expect(String((await fetchAll(files, { locked })).bytes[0])).toBe('here');
    expect(await failure(fetchAll(files))).toBe(`RELEASE_INVALID: The mirror of ${url} cannot be read [${path}]`);
    await writeFile(path, 'then');
    expect(
      await failure(fetchAll([{ ...files[0], sha256: sha256('other') } as FilesRequest['files'][number]])),
    ).toContain(`expected sha256 ${sha256('other')}, found ${sha256('then')}`);
  });
});

test('several files come sorted, each address once, and a failure of one ends the rest', async () => {
  for (const name of ['b', 'a', 'c']) scripts.set(`/${name}`, content(name));
  const named = (name: string) => ({
    path: name,
    url: `${origin}/${name}`,
    source: { kind: 'url' as const, url: `${origin}/${name}` },
  });
  const { files } = await fetchAll(['b', 'a', 'c', 'a'].map(named));
  expect(files.map(({ url }) => url.slice(-1))).toEqual(['a', 'b', 'c']);
  expect(await failure(fetchAll(['b', 'missing', 'c'].map(named)))).toContain('it answers 404');
});
