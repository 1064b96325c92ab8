import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../support/registry/ask.ts';
import { type Sample, type SampleRepository, sampleRepositories } from '../support/registry/sample.ts';
import { type ServedRegistry, serveRegistry } from '../support/registry/serve.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const unknownDigest = `sha256:${'0'.repeat(64)}`;

describe.each([3, 300])('the registry with %i repositories', (count) => {
  let sample: Sample;
  let registry: ServedRegistry;

  beforeAll(async () => {
    sample = sampleRepositories(count);
    registry = await serveRegistry({ archives: { '136.0.0': sample.maker } });
  });
  afterAll(() => registry?.close());

  const bytesOf = (digest: string) => sample.maker.blobs.get(digest) ?? Buffer.from('there is no such blob');
  const each = async (check: (repository: SampleRepository) => Promise<void>) => {
    for (const repository of sample.repositories) await check(repository);
  };

  test('each manifest, by digest and by tag, byte for byte, whatever Accept says', async () => {
    const accepts = ['*/*', 'application/vnd.docker.distribution.manifest.v2+json', 'application/json;q=0.1'];
    await each(async ({ path, manifests, tags }) => {
      const references = [...[...manifests].map(([, entry]) => [entry.digest, entry] as const), ...tags];
      for (const [position, [reference, entry]] of references.entries()) {
        const url = `/v2/${path}/manifests/${reference}`;
        const expected = {
          'content-type': entry.mediaType,
          'content-length': `${entry.size}`,
          'docker-content-digest': entry.digest,
          'docker-distribution-api-version': 'registry/2.0',
          'accept-ranges': 'bytes',
        };
        const headers = { accept: accepts[position % 3] ?? '*/*', 'accept-encoding': 'zstd;q=1.0, gzip;q=0.8' };
        const got = await registry.ask(url, { headers });
        expect([url, got.status, got.headers]).toEqual([url, 200, expect.objectContaining(expected)]);
        expect(got.headers['content-encoding']).toBeUndefined();
        expect(got.body.equals(bytesOf(entry.digest))).toBe(true);
        const head = await registry.ask(url, { method: 'HEAD', headers });
        expect([url, head.status, head.headers]).toEqual([url, 200, expect.objectContaining(expected)]);
        expect(head.body).toHaveLength(0);
      }
    });
  });

  test('each blob, byte for byte, with its digest; HEAD too; nothing of it under another name', async () => {
    const everything = new Set(sample.repositories.flatMap(({ blobs }) => [...blobs]));
    await each(async ({ path, blobs, manifests }) => {
      for (const digest of blobs) {
        const url = `/v2/${path}/blobs/${digest}`;
        const got = await registry.ask(url);
        const expected = {
          'content-type': 'application/octet-stream',
          'content-length': `${bytesOf(digest).length}`,
          'docker-content-digest': digest,
        };
        expect([url, got.status, got.headers]).toEqual([url, 200, expect.objectContaining(expected)]);
        expect(got.body.equals(bytesOf(digest))).toBe(true);
        const head = await registry.ask(url, { method: 'HEAD' });
        expect([url, head.status, head.headers]).toEqual([url, 200, expect.objectContaining(expected)]);
      }
      const foreign = [...everything].filter((digest) => !blobs.has(digest)).slice(0, 20);
      for (const digest of foreign) await expectError(`/v2/${path}/blobs/${digest}`, 404, 'BLOB_UNKNOWN');
      for (const digest of manifests.keys()) await expectError(`/v2/${path}/blobs/${digest}`, 404, 'BLOB_UNKNOWN');
      for (const digest of [...blobs].slice(0, 3)) {
        await expectError(`/v2/${path}/manifests/${digest}`, 404, 'MANIFEST_UNKNOWN');
      }
      const other = sample.repositories.find((repository) => repository.path !== path);
      for (const digest of other?.manifests.keys() ?? []) {
        await expectError(`/v2/${path}/manifests/${digest}`, 404, 'MANIFEST_UNKNOWN');
      }
    });
  });

  test('tags are told apart by case, and no other spelling is one', async () => {
    await each(async ({ path, tags }) => {
      for (const tag of tags.keys()) {
        for (const other of [tag.toUpperCase(), tag.toLowerCase(), `${tag}x`, tag.replace('.', '-')]) {
          if (!tags.has(other)) await expectError(`/v2/${path}/manifests/${other}`, 404, 'MANIFEST_UNKNOWN');
        }
      }
    });
  });

  test('lists of tags: all, pages of every size, after any tag, with a link when there are more', async () => {
    await each(async ({ path, tags }) => {
      const sorted = [...tags.keys()].sort();
      const url = `/v2/${path}/tags/list`;
      expect(await json(url)).toEqual({ name: path, tags: sorted });
      for (const last of ['', sorted[0], sorted[3], sorted.at(-1), 'Zzz', 'v1', '-']) {
        const after = sorted.filter((tag) => tag > (last ?? ''));
        expect(await json(`${url}?last=${last}`)).toEqual({ name: path, tags: after });
        for (const n of [0, 1, 2, sorted.length - 1, sorted.length, 99, 1000, 100_000]) {
          const answer = await registry.ask(`${url}?n=${n}&last=${last}`);
          expect(JSON.parse(String(answer.body))).toEqual({ name: path, tags: after.slice(0, n) });
          const more = n > 0 && after.length > n;
          expect(answer.headers.link).toBe(more ? `<${url}?n=${n}&last=${after[n - 1]}>; rel="next"` : undefined);
        }
      }
    });
  });

  test('links lead through a list to its end', async () => {
    const { path, tags } = sample.repositories[1] ?? { path: '', tags: new Map() };
    const found: string[] = [];
    let url = `/v2/${path}/tags/list?n=3`;
    for (let pages = 0; pages < 10; pages++) {
      const answer = await registry.ask(url);
      found.push(...(JSON.parse(String(answer.body)) as { tags: string[] }).tags);
      const next = /^<(.+)>; rel="next"$/.exec(String(answer.headers.link))?.[1];
      if (next === undefined) break;
      url = next;
    }
    expect(found).toEqual([...tags.keys()].sort());
  });

  test('referrers: all, of one type however it is spelt, of none; an empty index for what is not there', async () => {
    await each(async ({ path, manifests }) => {
      const subjects = new Map<string, object[]>();
      for (const entry of [...manifests.values()].sort((left, right) => (left.digest < right.digest ? -1 : 1))) {
        const document = JSON.parse(String(bytesOf(entry.digest))) as Referring;
        if (document.subject === undefined) continue;
        const { artifactType, annotations } = document;
        const known = subjects.get(document.subject.digest) ?? [];
        subjects.set(document.subject.digest, [...known, { ...entry, artifactType, annotations }]);
      }
      expect(subjects.size).toBe(2);
      for (const [digest, referrers] of subjects) {
        expect(await referrersOf(path, digest)).toEqual(referrers);
        const types = [...new Set(referrers.map((entry) => (entry as Referring).artifactType))];
        for (const type of types) {
          const matching = referrers.filter((entry) => (entry as Referring).artifactType === type);
          for (const spelt of [type, encodeURIComponent(type), type.replaceAll('+', '%2b').replace('/', '%2f')]) {
            expect(await referrersOf(path, digest, spelt)).toEqual(matching);
          }
        }
        expect(await referrersOf(path, digest, 'application/vnd.other')).toEqual([]);
      }
      expect(await referrersOf(path, unknownDigest)).toEqual([]);
      expect(await referrersOf(path, unknownDigest, 'text/spdx')).toEqual([]);
    });
    expect(await referrersOf('quay.io/not/here', unknownDigest)).toEqual([]);
  });

  test('ranges: a part, an end, an open end, one that is not there', async () => {
    const { path } = sample.repositories[0] ?? { path: '' };
    const [digest, bytes] = [...sample.maker.blobs].find(([, content]) => String(content) === 'shared by all') ?? [
      '',
      Buffer.of(),
    ];
    const url = `/v2/${path}/blobs/${digest}`;
    const part = (range: string) => registry.ask(url, { headers: { range } });
    const parts: readonly [string, string, Buffer][] = [
      ['bytes=0-3', `bytes 0-3/${bytes.length}`, bytes.subarray(0, 4)],
      ['bytes=5-', `bytes 5-${bytes.length - 1}/${bytes.length}`, bytes.subarray(5)],
      ['bytes=-4', `bytes ${bytes.length - 4}-${bytes.length - 1}/${bytes.length}`, bytes.subarray(-4)],
      ['bytes=2-1000', `bytes 2-${bytes.length - 1}/${bytes.length}`, bytes.subarray(2)],
    ];
    for (const [range, contentRange, content] of parts) {
      const { status, headers, body } = await part(range);
      expect([range, status, headers['content-range'], String(body)]).toEqual([
        range,
        206,
        contentRange,
        String(content),
      ]);
      expect(headers['docker-content-digest']).toBe(digest);
      expect(headers['content-length']).toBe(`${content.length}`);
    }
    const beyond = await part(`bytes=${bytes.length}-`);
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, `bytes */${bytes.length}`]);
    for (const ignored of ['bytes=0-1,3-4', 'lines=1-2', 'bytes=x']) {
      const whole = await part(ignored);
      expect([ignored, whole.status === 416 || whole.body.equals(bytes)]).toEqual([ignored, true]);
    }
    const matching = await registry.ask(url, { headers: { range: 'bytes=0-3', 'if-range': `"${digest}"` } });
    expect(matching.status).toBe(206);
    const changed = await registry.ask(url, { headers: { range: 'bytes=0-3', 'if-range': `"${unknownDigest}"` } });
    expect([changed.status, changed.body.length]).toEqual([200, bytes.length]);
  });

  test('dates and tags of the cache tell content by its digest, never by its file', async () => {
    const { path, tags } = sample.repositories[0] ?? { path: '', tags: new Map() };
    const [tag, entry] = [...tags][0] ?? ['', undefined];
    const headers = { 'if-modified-since': new Date(Date.now() + 1e9).toUTCString(), 'if-none-match': '"x"' };
    const answer = await registry.ask(`/v2/${path}/manifests/${tag}`, { headers });
    expect([answer.status, answer.headers.etag]).toEqual([200, `"${entry?.digest}"`]);
    expect(answer.headers['last-modified']).toBeUndefined();
  });

  test('/v2/ and /v2 say that this is a registry', async () => {
    for (const url of ['/v2/', '/v2', '/v2/?ns=docker.io']) {
      const { status, headers, body } = await registry.ask(url);
      expect([status, String(body), headers['content-type']]).toEqual([200, '{}', 'application/json']);
      expect(headers['docker-distribution-api-version']).toBe('registry/2.0');
    }
  });

  test('ns= changes nothing, and a colon may be encoded', async () => {
    const { path, tags } = sample.repositories[0] ?? { path: '', tags: new Map() };
    const [tag, entry] = [...tags][0] ?? ['', { digest: '' }];
    for (const reference of [tag, entry.digest, entry.digest.replace(':', '%3A'), entry.digest.replace(':', '%3a')]) {
      const answer = await registry.ask(`/v2/${path}/manifests/${reference}?ns=registry.k8s.io`);
      expect([reference, answer.status, answer.headers['docker-content-digest']]).toEqual([
        reference,
        200,
        entry.digest,
      ]);
    }
    expect(await json(`/v2/${path}/tags/list?ns=registry.k8s.io&n=1`)).toEqual({
      name: path,
      tags: [[...tags.keys()].sort()[0]],
    });
    expect((await registry.ask(`/v2/${path}/referrers/${unknownDigest}?ns=registry.k8s.io`)).status).toBe(200);
  });

  test('the list of repositories, whole and in pages', async () => {
    const paths = sample.repositories.map(({ path }) => path).sort();
    expect(await json('/v2/_catalog')).toEqual({ repositories: paths });
    const answer = await registry.ask('/v2/_catalog?n=2');
    expect(JSON.parse(String(answer.body))).toEqual({ repositories: paths.slice(0, 2) });
    expect(answer.headers.link).toBe(`</v2/_catalog?n=2&last=${paths[1]}>; rel="next"`);
    for (const last of [paths[1] ?? '', encodeURIComponent(paths[1] ?? '')]) {
      expect(await json(`/v2/_catalog?n=100&last=${last}`)).toEqual({ repositories: paths.slice(2, 102) });
    }
  });

  test('what is not there, and what is no name: the codes of the specification', async () => {
    const { path } = sample.repositories[0] ?? { path: '' };
    const cases: readonly [string, number, string][] = [
      [`/v2/${path}/manifests/${unknownDigest}`, 404, 'MANIFEST_UNKNOWN'],
      [`/v2/${path}/manifests/not-there`, 404, 'MANIFEST_UNKNOWN'],
      [`/v2/${path}/manifests/Not-There`, 404, 'MANIFEST_UNKNOWN'],
      [`/v2/${path}/manifests/sha512:${'0'.repeat(128)}`, 404, 'MANIFEST_UNKNOWN'],
      [`/v2/${path}/manifests/-not-a-tag`, 404, 'MANIFEST_UNKNOWN'],
      [`/v2/${path}/manifests/${'a'.repeat(129)}`, 404, 'MANIFEST_UNKNOWN'],
      [`/v2/${path}/manifests/v1.0.0%0a`, 404, 'MANIFEST_UNKNOWN'],
      [`/v2/${path}/manifests/sha256:abc`, 400, 'DIGEST_INVALID'],
      [`/v2/${path}/manifests/sha256:${'0'.repeat(65)}`, 400, 'DIGEST_INVALID'],
      [`/v2/${path}/manifests/sha256:${'A'.repeat(64)}`, 400, 'DIGEST_INVALID'],
      [`/v2/${path}/manifests/${unknownDigest}%0a`, 400, 'DIGEST_INVALID'],
      [`/v2/${path}/manifests/sha512:${'0'.repeat(64)}`, 400, 'DIGEST_INVALID'],
      [`/v2/${path}/manifests/:x`, 400, 'DIGEST_INVALID'],
      [`/v2/${path}/blobs/${unknownDigest}`, 404, 'BLOB_UNKNOWN'],
      [`/v2/${path}/blobs/sha512:${'0'.repeat(128)}`, 404, 'BLOB_UNKNOWN'],
      [`/v2/${path}/blobs/latest`, 400, 'DIGEST_INVALID'],
      [`/v2/${path}/blobs/sha256:${'g'.repeat(64)}`, 400, 'DIGEST_INVALID'],
      [`/v2/${path}/referrers/latest`, 400, 'DIGEST_INVALID'],
      [`/v2/${path}/referrers/sha256:abc`, 400, 'DIGEST_INVALID'],
      [`/v2/not/here/manifests/latest`, 404, 'NAME_UNKNOWN'],
      [`/v2/not/here/manifests/Latest`, 404, 'NAME_UNKNOWN'],
      [`/v2/not/here/manifests/${unknownDigest}`, 404, 'NAME_UNKNOWN'],
      [`/v2/not/here/blobs/${unknownDigest}`, 404, 'NAME_UNKNOWN'],
      ['/v2/not/here/tags/list', 404, 'NAME_UNKNOWN'],
      [`/v2/${path.toUpperCase()}/manifests/latest`, 400, 'NAME_INVALID'],
      [`/v2/${path.toUpperCase()}/tags/list`, 400, 'NAME_INVALID'],
      [`/v2/${path.toUpperCase()}/referrers/${unknownDigest}`, 400, 'NAME_INVALID'],
      [`/v2/a%20b/blobs/${unknownDigest}`, 400, 'NAME_INVALID'],
      [`/v2/${path}/tags/list?n=-1`, 400, 'UNSUPPORTED'],
      [`/v2/${path}/tags/list?n=x`, 400, 'UNSUPPORTED'],
      [`/v2/${path}/tags/list?last=a;b`, 400, 'NAME_INVALID'],
      [`/v2/${path}/tags/list?last=%22`, 400, 'NAME_INVALID'],
      [`/v2/${path}`, 404, 'UNSUPPORTED'],
      [`/v2/${path}/tags/`, 404, 'UNSUPPORTED'],
      [`/v2/${path}/manifests/`, 404, 'UNSUPPORTED'],
      ['/v2/_catalog?n=x', 400, 'UNSUPPORTED'],
      ['/', 404, 'UNSUPPORTED'],
      ['/v1/', 404, 'UNSUPPORTED'],
      ['/v3', 404, 'UNSUPPORTED'],
      [`/.blobs/0/${[...sample.maker.blobs.keys()][0]?.slice(7)}`, 404, 'UNSUPPORTED'],
      ['/.manifests/0/0/x', 404, 'UNSUPPORTED'],
      ['/.errors/404', 404, 'UNSUPPORTED'],
      ['/packages/136.0.0/', 404, 'UNSUPPORTED'],
      ['/packages/136.0.0/nothing', 404, 'UNSUPPORTED'],
      ['/packages/136.0.0/../../../../etc/passwd', 400, 'UNSUPPORTED'],
      ['/packages/136.0.0%2f..%2f..%2fetc/passwd', 404, 'UNSUPPORTED'],
      ['/%00', 400, 'UNSUPPORTED'],
    ];
    for (const [url, status, code] of cases) await expectError(url, status, code);
  });

  test('writing is answered by 405, whatever is sent', async () => {
    const { path, tags } = sample.repositories[0] ?? { path: '', tags: new Map() };
    const [tag] = [...tags.keys()];
    const urls = [
      `/v2/${path}/manifests/${tag}`,
      `/v2/${path}/blobs/uploads/`,
      `/v2/${path}/blobs/${unknownDigest}`,
      '/v2/',
      '/x',
    ];
    for (const url of urls) {
      for (const method of ['PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']) {
        const body = method === 'TRACE' ? '' : 'x'.repeat(3_000_000);
        const answer = await registry.ask(url, { method, body });
        expectErrorBody(`${method} ${url}`, answer, [405, 'UNSUPPORTED']);
        if (method !== 'TRACE') expect(answer.headers.allow).toBe('GET, HEAD');
      }
    }
  });

  test('nginx has nothing to complain about', () => {
    const complaints = registry.nginx
      .log()
      .split('\n')
      .filter((line) => /\[(?:warn|error|alert|crit|emerg)\]/.test(line));
    expect(complaints).toEqual([]);
  });

  async function json(url: string): Promise<unknown> {
    const { status, headers, body } = await registry.ask(url);
    expect([url, status, headers['content-type']]).toEqual([url, 200, 'application/json']);
    const head = await registry.ask(url, { method: 'HEAD' });
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, `${body.length}`, 0]);
    return JSON.parse(String(body));
  }

  async function referrersOf(path: string, digest: string, type?: string): Promise<unknown> {
    const url = `/v2/${path}/referrers/${digest}${type === undefined ? '' : `?artifactType=${type}`}`;
    const { status, headers, body } = await registry.ask(url);
    expect([url, status, headers['content-type']]).toEqual([url, 200, INDEX]);
    expect(headers['oci-filters-applied']).toBe(type === undefined ? undefined : 'artifactType');
    const { schemaVersion, mediaType, manifests } = JSON.parse(String(body)) as Record<string, unknown>;
    expect([schemaVersion, mediaType]).toEqual([2, INDEX]);
    return manifests;
  }

  async function expectError(url: string, status: number, code: string): Promise<void> {
    expectErrorBody(url, await registry.ask(url), [status, code]);
    const head = await registry.ask(url, { method: 'HEAD' });
    expect([url, head.status, head.body.length]).toEqual([url, status, 0]);
  }
});

interface Referring {
  readonly subject?: { readonly digest: string };
  readonly artifactType: string;
  readonly annotations: object;
}

function expectErrorBody(what: string, { status, headers, body }: Answer, [expected, code]: [number, string]): void {
  expect([what, status, headers['content-type'], String(body)]).toEqual([
    what,
    expected,
    'application/json',
    expect.stringMatching(/^\{"errors":\[\{"code":"[A-Z_]+","message":"[^"]+"\}\]\}$/),
  ]);
  expect([what, (JSON.parse(String(body)) as { errors: { code: string }[] }).errors[0]?.code]).toEqual([what, code]);
}
