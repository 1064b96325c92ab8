import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseReference } from '../../src/registry/reference.ts';
import { completeReference } from '../../src/release/complete-reference.ts';

const digest = `sha256:${'0a'.repeat(32)}`;

test.each([
  ['nginx', 'docker.io/library/nginx:latest'],
  ['nginx:1.27', 'docker.io/library/nginx:1.27'],
  ['calico/node:v3', 'docker.io/calico/node:v3'],
  ['docker.io/nginx', 'docker.io/library/nginx:latest'],
  ['index.docker.io/calico/node', 'docker.io/calico/node:latest'],
  ['quay.io/calico/node:v3', 'quay.io/calico/node:v3'],
  ['localhost/app', 'localhost/app:latest'],
  ['registry.example.com:5000/a/b', 'registry.example.com:5000/a/b:latest'],
  ['10.0.0.1:5000/a:1', '10.0.0.1:5000/a:1'],
  [`quay.io/a/b:v1@${digest}`, `quay.io/a/b@${digest}`],
  [`nginx@${digest}`, `docker.io/library/nginx@${digest}`],
])('%s is %s', (text, reference) => {
  expect(completeReference(text)).toBe(reference);
});

test.each([
  [''],
  [' nginx'],
  ['Nginx'],
  ['nginx:'],
  ['nginx:a b'],
  ['quay.io/'],
  ['/a'],
  ['a//b'],
  ['quay.io/a:1:2'],
  ['a@sha256:12'],
  ['a@'],
  ['https://quay.io/a:1'],
  ['$(IMAGE)'],
  ['{{ image }}'],
  ['a:1\n'],
])('%j is no reference', (text) => {
  expect(completeReference(text)).toBeUndefined();
});

test('what it gives is a reference in full, and completing that changes nothing', () => {
  const part = fc.stringMatching(/^[a-z0-9.:@/_-]{1,30}$/);
  fc.assert(
    fc.property(part, (text) => {
      const completed = completeReference(text);
      if (completed === undefined) return;
      expect(parseReference(completed, 'x').text).toBe(completed);
      expect(completeReference(completed)).toBe(completed);
    }),
    { numRuns: 2000 },
  );
});
