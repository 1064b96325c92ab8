import { expect, test } from 'vitest';
import { parseReference } from '../../src/registry/reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;

test.each([
  ['registry.k8s.io/pause:3.10.2', { host: 'registry.k8s.io', name: 'pause', tag: '3.10.2' }],
  ['docker.io/library/nginx:1.27', { host: 'docker.io', name: 'library/nginx', tag: '1.27' }],
  ['localhost/a:b', { host: 'localhost', name: 'a', tag: 'b' }],
  ['registry.example.com:5000/a/b/c:V1', { host: 'registry.example.com:5000', name: 'a/b/c', tag: 'V1' }],
  ['127.0.0.1:5000/a:b', { host: '127.0.0.1:5000', name: 'a', tag: 'b' }],
  [`quay.io/calico/node@${digest}`, { host: 'quay.io', name: 'calico/node', digest }],
  [`quay.io/calico/node:v3.28.5@${digest}`, { host: 'quay.io', name: 'calico/node', tag: 'v3.28.5', digest }],
])('%s', (text, parts) => {
  expect(parseReference(text, 'here')).toEqual({ text, ...parts });
});

test.each([
  ['nginx', '"" is no registry host'],
  ['library/nginx:1.27', '"library" is no registry host'],
  ['docker.io/nginx', 'neither tag nor digest'],
  ['docker.io/Nginx:1', '"Nginx" is no repository name'],
  ['docker.io/nginx:', '"" is no tag'],
  ['docker.io/nginx:-1', '"-1" is no tag'],
  [`docker.io/nginx:${'a'.repeat(129)}`, 'is no tag'],
  ['docker.io/nginx:1\n', '"1\\n" is no tag'],
  ['docker.io/nginx@sha256:abc', '"sha256:abc" is no sha256 digest'],
  [`docker.io/nginx@sha512:${'a'.repeat(128)}`, 'is no sha256 digest'],
  ['docker.io/../etc:1', 'is no repository name'],
  ['docker.io/a//b:1', 'is no repository name'],
  ['docker.io/a/:1', 'is no repository name'],
  ['docker.io/a";}:1', 'is no repository name'],
  ['evil host/a:1', '"evil host" is no registry host'],
  ['Docker.io/a:1', '"Docker.io" is no registry host'],
  ['a..b/c:1', '"a..b" is no registry host'],
])('%j is refused', (text, message) => {
  expect(() => parseReference(text, 'images/index.json')).toThrow(message);
  expect(() => parseReference(text, 'images/index.json')).toThrow(
    expect.objectContaining({ code: 'RELEASE_INVALID', where: 'images/index.json' }),
  );
});
