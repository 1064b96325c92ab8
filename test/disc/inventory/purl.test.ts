import fc from 'fast-check';
import { expect, test } from 'vitest';
import { genericPurl, imagePurl, npmPurl, rpmPurl } from '../../../src/disc/inventory/purl.ts';

const digest = `sha256:${'a'.repeat(64)}`;

test('names of images, packages and files', () => {
  expect(imagePurl('registry.k8s.io/coredns/coredns:v1.14.0', digest, 'amd64')).toBe(
    `pkg:oci/coredns@${digest}?arch=amd64&repository_url=registry.k8s.io%2Fcoredns%2Fcoredns&tag=v1.14.0`,
  );
  expect(imagePurl('registry.example.com:5000/app:1', digest)).toBe(
    `pkg:oci/app@${digest}?repository_url=registry.example.com:5000%2Fapp&tag=1`,
  );
  const nevra = { name: 'libstdc++', epoch: '0', version: '1~rc^5', release: '3.el9', arch: 'x86_64' };
  expect(rpmPurl({ ...nevra, platform: 'el9/x86_64' })).toBe(
    'pkg:rpm/libstdc%2B%2B@1~rc%5E5-3.el9?arch=x86_64&distro=el9',
  );
  expect(rpmPurl({ ...nevra, epoch: '2', platform: 'el8/x86_64', sourceRpm: 'gcc-1-3.src.rpm' })).toBe(
    'pkg:rpm/libstdc%2B%2B@1~rc%5E5-3.el9?arch=x86_64&distro=el8&epoch=2&upstream=gcc-1-3.src.rpm',
  );
  expect(rpmPurl({ ...nevra, platform: 'el8/x86_64', sourceRpm: '' })).not.toContain('upstream');
  expect(npmPurl({ name: '@peculiar/x509', version: '1.0.0' })).toBe('pkg:npm/%40peculiar/x509@1.0.0');
  expect(genericPurl('node', '24.21.0', {})).toBe('pkg:generic/node@24.21.0');
  expect(genericPurl('a b', undefined, { download_url: 'https://x/y?z=1&a' })).toBe(
    'pkg:generic/a%20b?download_url=https:%2F%2Fx%2Fy%3Fz%3D1%26a',
  );
});

test('whatever is in them, they read back as they were', () => {
  const text = fc.string({ minLength: 1 }).map((ascii) => `${ascii}ä€😀`);
  fc.assert(
    fc.property(text, text, text, (name, version, value) => {
      const purl = genericPurl(name, version, { key: value });
      expect(purl).toMatch(/^pkg:generic\/[\w.~:%-]+@[\w.~:%-]+\?key=[\w.~:%-]+$/);
      const [, path = '', at = '', query = ''] = /^pkg:generic\/(.*)@(.*)\?key=(.*)$/.exec(purl) ?? [];
      expect([path, at, query].map(decodeURIComponent)).toEqual([name, version, value]);
    }),
  );
});
