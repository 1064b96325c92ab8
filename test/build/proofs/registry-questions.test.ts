import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { judgeAnswer } from '../../../src/build/proofs/judge-answer.ts';
import { type RegistryQuestion, registryQuestions } from '../../../src/build/proofs/registry-questions.ts';
import { readImageLayout } from '../../../src/registry/read-image-layout.ts';
import { makeLayout } from '../../support/registry/image-layout.ts';
import { sampleRepositories } from '../../support/registry/sample.ts';

describe('registryQuestions', () => {
  test('asks for every tag, manifest, blob and list, and what refers to what', () => {
    const { maker, repositories } = sampleRepositories(6);
    const catalogue = readImageLayout(maker.layout());
    const sizes = new Map([...maker.blobs].map(([digest, { length }]) => [digest, length]));
    const asked = new Set(registryQuestions(catalogue, sizes).map(({ method, path }) => `${method} ${path}`));
    for (const { path, tags, manifests, blobs } of repositories) {
      for (const method of ['GET', 'HEAD']) {
        for (const name of [...tags.keys(), ...manifests.keys()])
          expect(asked).toContain(`${method} /v2/${path}/manifests/${name}`);
      }
      for (const blob of blobs) expect(asked).toContain(`HEAD /v2/${path}/blobs/${blob}`);
      expect(asked).toContain(`GET /v2/${path}/tags/list`);
    }
    expect([...asked].filter((question) => question.includes('/referrers/'))).toHaveLength(6 * 2);
  });

  test('asks each repository for what belongs to another alone', () => {
    const maker = makeLayout();
    maker.name(maker.image('oci', ['shared', 'a']), 'quay.io/a:1');
    maker.name(maker.image('oci', ['shared', 'b']), 'quay.io/b:1');
    const questions = registryQuestions(readImageLayout(maker.layout()), new Map());
    const foreign = questions.filter(({ expected }) => expected.status === 404);
    expect(foreign.map(({ about }) => about)).toEqual([
      ...Array(3).fill('a repository that is not there'),
      ...Array(2).fill('what belongs to quay.io/b, asked of quay.io/a'),
      ...Array(2).fill('what belongs to quay.io/a, asked of quay.io/b'),
    ]);
    const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
    expect(foreign.some(({ path }) => path.includes(digestOf('shared')))).toBe(false);
  });

  test('of a disc without images, only whether there is a registry', () => {
    expect(registryQuestions({ repositories: [] }, new Map()).map(({ path }) => path)).toEqual(['/v2/']);
  });
});

describe('judgeAnswer', () => {
  const body = Buffer.from('{"a":1}');
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  const question: RegistryQuestion = {
    about: 'quay.io/a:1',
    method: 'GET',
    path: '/v2/quay.io/a/manifests/1',
    expected: { status: 200, digest, size: 7, type: 'application/json', json: { a: 1 }, names: 'a' },
  };
  const headers = { 'content-type': 'application/json', 'docker-content-digest': digest, 'content-length': '7' };
  const right = { status: 200, headers, body };

  test('takes the right answer, and to HEAD the same without its body', () => {
    expect(judgeAnswer(question, right)).toBeUndefined();
    expect(judgeAnswer({ ...question, method: 'HEAD' }, { ...right, body: Buffer.of() })).toBeUndefined();
  });

  test.each([
    ['status', { status: 503 }, 'status 503, not 200'],
    ['type', { headers: { ...headers, 'content-type': 'text/plain' } }, 'type text/plain, not application/json'],
    ['digest', { headers: { ...headers, 'docker-content-digest': 'sha256:0' } }, 'digest sha256:0, not sha256:'],
    ['length', { headers: { ...headers, 'content-length': undefined } }, 'undefined bytes, not 7'],
    ['content', { body: Buffer.from('{"a":2}') }, 'the content has digest sha256:'],
  ])('names a wrong %s', (_, change, wrong) => {
    expect(judgeAnswer(question, { ...right, ...change })).toContain(
      `quay.io/a:1: GET /v2/quay.io/a/manifests/1: ${wrong}`,
    );
  });

  test.each([
    ['a list', { status: 200, json: { a: 2 } }, '{"a":1}, not {"a":2}'],
    ['what refers to something', { status: 200, names: 'sha256:0' }, 'sha256:0 is not named'],
  ])('compares %s', (_, expected, wrong) => {
    expect(judgeAnswer({ ...question, expected }, right)).toContain(wrong);
  });

  test('a HEAD with a body is wrong', () => {
    expect(judgeAnswer({ ...question, method: 'HEAD' }, right)).toContain('7 bytes after the header');
  });
});
