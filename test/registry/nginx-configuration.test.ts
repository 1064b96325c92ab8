import { describe, expect, test } from 'vitest';
import { registryTemplates } from '../../src/product/registry-templates.ts';
import type { Archive } from '../../src/registry/merge-archives.ts';
import { archiveConfiguration, registryConfiguration } from '../../src/registry/nginx-configuration.ts';
import { readImageLayout } from '../../src/registry/read-image-layout.ts';
import type { RegistryServer } from '../../src/registry/server-holes.ts';
import { makeLayout } from '../support/registry/image-layout.ts';

const templates = await registryTemplates();
const server: RegistryServer = { listen: [{ address: '10.0.0.1', port: 5000 }] };

function archiveOf(count: number, name = '136.0.0'): Archive {
  const maker = makeLayout();
  for (let index = 0; index < count; index++) {
    const image = maker.image(index % 2 === 0 ? 'oci' : 'docker', [`${index}`]);
    maker.name(image, `registry.k8s.io/image-${index}:v1.${index}.0`);
    maker.name(image, `registry.k8s.io/image-${index}:V1.${index}.0-RC`);
  }
  const root = `/srv/metalk8s/${name}`;
  return {
    name,
    catalogue: readImageLayout(maker.layout()),
    blobs: `${root}/images/blobs/sha256`,
    packages: `${root}/packages`,
  };
}

function lines(text: string, pattern: RegExp): string[] {
  return text.split('\n').filter((line) => pattern.test(line));
}

describe('registryConfiguration', () => {
  test('no pattern, location or map is there for an image', () => {
    const [small, large] = [3, 300].map((count) => registryConfiguration([archiveOf(count)], server, templates).nginx);
    for (const pattern of [/^\s*(?:location )?~|"~/, /^\s*location /, /^\s*map /]) {
      expect(lines(large ?? '', pattern)).toHaveLength(lines(small ?? '', pattern).length);
    }
    expect(lines(large ?? '', /^\s*"\/v2\/registry/)).toHaveLength(
      100 * lines(small ?? '', /^\s*"\/v2\/registry/).length,
    );
  });

  test('hash tables are large enough to be made at once', () => {
    const { nginx } = registryConfiguration([archiveOf(2000)], server, templates);
    const keys = lines(nginx, /^\s*"\/v2\/registry.*"\/\.(?:blobs|manifests)/).length;
    expect(Number(/map_hash_max_size (\d+);/.exec(nginx)?.[1])).toBeGreaterThanOrEqual(2 * (keys - 2000));
  });

  test('with TLS: versions 1.2 and 1.3, and the given certificate', () => {
    const tls = { certificate: '/etc/metalk8s/pki/it"s.crt', key: '/etc/metalk8s/pki/registry.key' };
    const { nginx } = registryConfiguration([archiveOf(1)], { ...server, tls }, templates);
    expect(nginx).toContain('        listen 10.0.0.1:5000 ssl;\n');
    expect(nginx).toContain(String.raw`ssl_certificate "/etc/metalk8s/pki/it\"s.crt";`);
    expect(nginx).toContain('ssl_protocols TLSv1.2 TLSv1.3;');
  });

  test('on a socket of the file system', () => {
    const { nginx } = registryConfiguration([archiveOf(1)], { listen: [{ socket: 'a folder/x.sock' }] }, templates);
    expect(nginx).toContain('        listen "unix:a folder/x.sock";\n');
    expect(() => registryConfiguration([archiveOf(1)], { listen: [{ socket: 'a$b' }] }, templates)).toThrow(
      /cannot serve from the path/,
    );
  });

  test('without: no word of TLS, every address its own line', () => {
    const listen = [...server.listen, { address: 'fd00::1', port: 80 }];
    const { nginx } = registryConfiguration([archiveOf(1)], { listen }, templates);
    expect(nginx).toContain('        listen 10.0.0.1:5000;\n        listen [fd00::1]:80;\n');
    expect(nginx).not.toContain('ssl_');
    expect(nginx).not.toContain('_temp_path');
  });

  test.each([
    ['10.0.0.1; } server {', 80],
    ['localhost', 80],
    ['10.0.0.1', 0],
    ['10.0.0.1', 65_536],
    ['10.0.0.1', Number.NaN],
  ])('%j, port %d is refused', (address, port) => {
    const make = () => registryConfiguration([archiveOf(1)], { listen: [{ address, port }] }, templates);
    expect(make).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });

  test('no archive at all is a registry of nothing', () => {
    expect(registryConfiguration([], server, templates).nginx).toContain('"/v2/_catalog" "[]";');
  });

  test('each archive has its packages below its own name', () => {
    const { nginx } = registryConfiguration([archiveOf(1, '136.1.0'), archiveOf(1)], server, templates);
    expect(lines(nginx, /location .*packages/).map((line) => line.trim())).toEqual([
      'location ^~ "/packages/136.1.0/" {',
      'location ^~ "/packages/136.0.0/" {',
    ]);
    expect(nginx).toContain('alias "/srv/metalk8s/136.0.0/packages/";');
  });
});

test('the files of an archive are the same parts, with paths below where it is mounted', () => {
  const { catalogue } = archiveOf(2);
  const archive = { name: '136.0.0', catalogue, blobs: 'images/blobs/sha256', packages: 'packages' };
  const files = new Map(archiveConfiguration(archive, templates).map(({ path, content }) => [path, content]));
  expect([...files.keys()]).toEqual(['nginx.conf', 'tables.conf', 'locations.conf']);
  const whole = registryConfiguration([archive], server, templates).nginx.replace(/^ +/gm, '');
  for (const part of ['tables.conf', 'locations.conf']) {
    expect(whole).toContain(files.get(part)?.replace(/^ +/gm, ''));
  }
  expect(files.get('nginx.conf')).toMatch(
    /include tables\.conf;[\s\S]*listen 127\.0\.0\.1:5000;[\s\S]*include locations\.conf;/,
  );
  expect(files.get('locations.conf')).toContain('alias "images/blobs/sha256/";');
});
