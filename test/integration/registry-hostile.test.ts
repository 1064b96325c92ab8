import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { registryTemplates } from '../../src/product/registry-templates.ts';
import type { Catalogue } from '../../src/registry/catalogue.ts';
import { createLongTexts } from '../../src/registry/long-texts.ts';
import { registryConfiguration } from '../../src/registry/nginx-configuration.ts';
import { joined, quoted, quotedValue, row } from '../../src/registry/nginx-text.ts';
import { clientOf } from '../support/registry/ask.ts';
import { type Entry, type LayoutMaker, makeLayout } from '../support/registry/image-layout.ts';
import { freePort, startNginx, testConfiguration, writeFiles } from '../support/registry/nginx.ts';
import { serveRegistry } from '../support/registry/serve.ts';
import { directoryOfTests } from '../support/test-directory.ts';

const directory = directoryOfTests();

describe('what is quoted means itself to nginx', () => {
  const nasty = fc.string({
    unit: fc.constantFrom(...`"'\\{};#~ $@*<>%&|()[]+?^.,:=/!-_nrtzAa0ü🦭`),
    minLength: 1,
    maxLength: 12,
  });
  const printable = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });

  function sampled(fits: (text: string) => boolean): string[] {
    const texts = fc
      .sample(fc.oneof(nasty, nasty, printable), 1500)
      .filter((text) => fits(text) && !/\p{Cc}/u.test(text));
    return [...new Map(texts.map((text) => [text.toLowerCase(), text])).values()];
  }

  test('values, keys and texts longer than a word, asked for one by one', async () => {
    const values = [...sampled((text) => !text.includes('$')), 'x'.repeat(3900)];
    const keys = sampled(
      (text) => /^[!-~]+$/.test(text) && !/^[~\\]|^(?:default|include|volatile|hostnames)$/.test(text),
    );
    const texts = createLongTexts();
    const long = Array.from({ length: 400_000 }, (_, index) => `"${index}\\`).join('');
    const longWord = texts.word(long);
    const port = await freePort();
    await writeFiles(directory, {
      'quoting.conf': `events { } http {
        map_hash_max_size 8192; map_hash_bucket_size 8192; variables_hash_max_size 16384;
        ${joined(texts.definitions())}
        map $arg_value $value { ${joined(values.map((text, index) => row(quoted(`${index}`), quotedValue(text))))} }
        map $http_key $key { ${joined(keys.map((text, index) => row(quoted(text), quoted(`${index}`))))} }
        server { listen 127.0.0.1:${port}; access_log off;
          location /value { return 200 $value; } location /key { return 200 $key; } location /long { return 200 ${longWord}; } }
      }`,
    });
    const nginx = await startNginx({ directory, port, configuration: join(directory, 'quoting.conf'), globals: pid() });
    const ask = clientOf(nginx);
    try {
      for (const [index, text] of values.entries())
        expect(String((await ask(`/value?value=${index}`)).body)).toBe(text);
      for (const [index, key] of keys.entries()) {
        expect([key, String((await ask('/key', { headers: { key } })).body)]).toEqual([key, `${index}`]);
      }
      expect((await ask('/long')).body.equals(Buffer.from(long))).toBe(true);
    } finally {
      ask.close();
      await nginx.stop();
    }
  });

  function pid(): string {
    return `pid "${directory}/quoting.pid"; error_log stderr;`;
  }
});

test('images whose makers tried everything are served exactly, and nothing else is', async () => {
  const maker = makeLayout();
  const subject = maker.image('oci', ['x']);
  const types = ['application/x$uri+json', 'a/b!#$&-^_.+', 'text/x', 'TEXT/X', `a/${'z'.repeat(127)}`];
  const texts = [
    '$uri ${uri} $$',
    '"; return 200 "owned',
    "'; }",
    '\u0000\n\r\t\u001b[2J\u007f',
    '{{tables}}',
    '\\',
    '\ud800',
    'ü🦭',
    '__proto__',
  ];
  const artifacts = types.map((type, index) => artifact(maker, subject, type, texts[index] ?? ''));
  const more = texts.map((text) => artifact(maker, subject, 'text/x', text));
  const huge = artifact(maker, subject, 'text/huge', '"\\$'.repeat(200_000));
  const tags = fc.sample(fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/), 500);
  const likeness = [
    'aaa',
    'aaA',
    'aAa',
    'AaA',
    'AAA',
    'default',
    'include',
    'volatile',
    'hostnames',
    '__proto__',
    '0',
    '-'.padStart(128, 'x'),
  ];
  const wanted = new Set([...tags, ...likeness]);
  const images = [subject, maker.image('docker', ['y'])];
  const expected = new Map([...wanted].map((tag, index) => [tag, images[index % 2] ?? subject]));
  for (const [tag, entry] of expected) maker.name(entry, `quay.io/library/evil:${tag}`);
  for (const entry of [...artifacts, ...more, huge]) maker.name(entry);
  // Names that begin like the words of nginx and of paths here.
  for (const name of ['default', 'manifests/latest/blobs', 'v2/tags/list', '0'])
    maker.name(subject, `quay.io/${name}:1`);

  const registry = await serveRegistry({ archives: { '136.0.0': maker } });
  try {
    for (const [tag, { digest }] of expected) {
      const answer = await registry.ask(`/v2/quay.io/library/evil/manifests/${tag}`);
      expect([tag, answer.status, answer.headers['docker-content-digest']]).toEqual([tag, 200, digest]);
      for (const other of [tag.toUpperCase(), tag.toLowerCase()].filter((text) => !wanted.has(text))) {
        expect([other, (await registry.ask(`/v2/quay.io/library/evil/manifests/${other}`)).status]).toEqual([
          other,
          404,
        ]);
      }
    }
    const list = await registry.ask('/v2/quay.io/library/evil/tags/list');
    expect(JSON.parse(String(list.body))).toEqual({ name: 'quay.io/library/evil', tags: [...wanted].sort() });
    const url = `/v2/quay.io/library/evil/referrers/${subject.digest}`;
    const all = JSON.parse(String((await registry.ask(url)).body)) as { manifests: Entry[] };
    const told = new Map(all.manifests.map(({ digest, annotations }) => [digest, annotations?.text]));
    expect(told.size).toBe(new Set([...artifacts, ...more, huge].map(({ digest }) => digest)).size);
    for (const [index, { digest }] of more.entries()) expect(told.get(digest)).toBe(texts[index]);
    expect(told.get(huge.digest)).toHaveLength(600_000);
    for (const type of types) {
      const answer = await registry.ask(`${url}?artifactType=${encodeURIComponent(type)}`);
      const found = (JSON.parse(String(answer.body)) as { manifests: Entry[] }).manifests;
      expect(found.length).toBeGreaterThan(0);
      for (const { artifactType } of found) expect(artifactType?.toLowerCase()).toBe(type.toLowerCase());
    }
    for (const name of ['default', 'manifests/latest/blobs', 'v2/tags/list', '0']) {
      expect((await registry.ask(`/v2/quay.io/${name}/manifests/1`)).headers['docker-content-digest']).toBe(
        subject.digest,
      );
      expect(JSON.parse(String((await registry.ask(`/v2/quay.io/${name}/tags/list`)).body))).toMatchObject({
        tags: ['1'],
      });
    }
    expect(registry.nginx.log()).not.toMatch(/\[(?:warn|error|alert|crit|emerg)\]/);
  } finally {
    await registry.close();
  }
});

test('twenty thousand tags: nothing is lost after a tag that is far down the list, or made to be looked for in vain', async () => {
  const maker = makeLayout();
  const image = maker.image('oci', []);
  const tags = Array.from({ length: 20_000 }, (_, index) => `v${String(index).padStart(6, '0')}`);
  for (const tag of tags) maker.name(image, `quay.io/a/many:${tag}`);
  const registry = await serveRegistry({ archives: { '136.0.0': maker } });
  try {
    const lasts = ['', 'v009999', 'v019850', 'v019999', 'zzz', `v00000${'z'.repeat(122)}`, `v${'9'.repeat(127)}`];
    for (const last of lasts) {
      const { status, body } = await registry.ask(`/v2/quay.io/a/many/tags/list?n=500&last=${last}`);
      const after = tags.filter((tag) => tag > last).slice(0, 500);
      expect([last, status, JSON.parse(String(body))]).toEqual([last, 200, { name: 'quay.io/a/many', tags: after }]);
    }
    expect(registry.nginx.log()).toBe('');
  } finally {
    await registry.close();
  }
});

test('two thousand tags: pages of any size after any tag, existing or not', async () => {
  const maker = makeLayout();
  const image = maker.image('oci', []);
  const tags = Array.from(
    { length: 2000 },
    (_, index) => `v1.${index}.0-${index % 3 === 0 ? 'RC' : 'build'}.${index * 7919}`,
  ).sort();
  for (const tag of tags) maker.name(image, `quay.io/a/many:${tag}`);
  const registry = await serveRegistry({ archives: { '136.0.0': maker } });
  try {
    const url = '/v2/quay.io/a/many/tags/list';
    const page = async (query: string) => {
      const { status, headers, body } = await registry.ask(`${url}?${query}`);
      expect([query, status]).toEqual([query, 200]);
      return { link: headers.link, tags: (JSON.parse(String(body)) as { tags: string[] }).tags };
    };
    expect(await page('')).toEqual({ tags });
    for (const last of [
      '',
      tags[0],
      tags[700],
      tags.at(-2),
      tags.at(-1),
      'v1.5',
      'v1.50.0-',
      'a',
      'z',
      '0',
      `v1.${'9'.repeat(120)}`,
    ]) {
      const after = tags.filter((tag) => tag > (last ?? ''));
      expect((await page(`last=${last}`)).tags).toEqual(after);
      for (const [n, given] of [
        [1, 1],
        [7, 7],
        [100, 100],
        [150, 100],
        [250, 200],
        [499, 200],
        [500, 500],
        [1_000_000, 500],
      ]) {
        const { tags: found, link } = await page(`n=${n}&last=${last}`);
        expect(found).toEqual(after.slice(0, given));
        expect(link !== undefined).toBe(after.length > (given ?? 0));
      }
    }
    expect(registry.nginx.log()).not.toMatch(/\[(?:warn|error|alert|crit|emerg)\]/);
  } finally {
    await registry.close();
  }
});

test('odd directories are served from, and those that nginx cannot name are refused', async () => {
  const maker = makeLayout();
  const image = maker.name(maker.image('oci', ['x']), 'quay.io/a/b:1');
  const templates = await registryTemplates();
  const digest = image.digest;
  const catalogue: Catalogue = {
    repositories: [
      {
        host: 'quay.io',
        name: 'a/b',
        tags: [{ tag: '1', digest }],
        manifests: [{ digest, mediaType: image.mediaType, size: image.size }],
        blobs: [],
      },
    ],
  };
  const configurationFor = (root: string, port: number) =>
    registryConfiguration(
      [{ name: '136.0.0', catalogue, blobs: `${root}/blobs/sha256`, packages: `${root}/packages` }],
      { listen: [{ address: '127.0.0.1', port }], stateDirectory: directory },
      templates,
    ).nginx;
  for (const name of ['plain', 'a b', `it's "so"`, 'back\\slash\\n', 'x;y{z}#', '~', 'ü🦭', '*', '.. ..']) {
    const root = join(directory, name);
    await maker.write(root);
    await writeFiles(root, { 'packages/x.rpm': 'a package' });
    const port = await freePort();
    const path = join(directory, 'odd.conf');
    await writeFile(path, configurationFor(root, port));
    expect([name, await testConfiguration(directory, path)]).toEqual([name, '']);
    const nginx = await startNginx({ directory, port, configuration: path });
    const ask = clientOf(nginx);
    try {
      const answer = await ask('/v2/quay.io/a/b/manifests/1');
      expect([name, answer.status, answer.body.length]).toEqual([name, 200, image.size]);
      expect([name, String((await ask('/packages/136.0.0/x.rpm')).body)]).toEqual([name, 'a package']);
    } finally {
      ask.close();
      await nginx.stop();
    }
  }
  for (const root of ['/srv/$uri', '/srv/a\nb', '/srv/\u0000', '/srv/\ud800', `/${'x'.repeat(3000)}`]) {
    expect(() => configurationFor(root, 5000)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  }
});

function artifact(maker: LayoutMaker, subject: Entry, artifactType: string, text: string): Entry {
  const config = maker.blob('{}', 'application/vnd.oci.empty.v1+json');
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const annotations = { text, [text.slice(0, 100) || 'empty']: 'x' };
  return maker.manifest({ schemaVersion: 2, mediaType, artifactType, config, layers: [config], subject, annotations });
}
