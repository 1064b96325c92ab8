import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MetalK8sError } from '../../src/errors/metalk8s-error.ts';
import { findImages } from '../../src/release/find-images.ts';

const digest = `sha256:${'0a'.repeat(32)}`;

function named(text: string, file = 'x.yaml'): string[] {
  return findImages(text, file).map(({ reference, by }) => `${reference} ${by}`);
}

function refusal(text: string, file = 'x.yaml'): string {
  try {
    findImages(text, file);
    return 'nothing';
  } catch (error) {
    if (!(error instanceof MetalK8sError)) throw error;
    return `${error.code}: ${error.message} [${error.where}]`;
  }
}

const pod = (kind: string, spec: string) => `kind: ${kind}\nmetadata: {name: n, namespace: s}\nspec: ${spec}\n`;

describe('Kubernetes objects', () => {
  test.each([
    ['a Pod', pod('Pod', '{containers: [{image: quay.io/a:1}]}'), 'Pod s/n, spec.containers[0].image'],
    [
      'init containers',
      pod('Pod', '{initContainers: [{}, {image: quay.io/a:1}]}'),
      'Pod s/n, spec.initContainers[1].image',
    ],
    [
      'ephemeral containers',
      pod('Pod', '{ephemeralContainers: [{image: quay.io/a:1}]}'),
      'Pod s/n, spec.ephemeralContainers[0].image',
    ],
    [
      'a CronJob',
      pod('CronJob', '{jobTemplate: {spec: {template: {spec: {containers: [{image: quay.io/a:1}]}}}}}'),
      'CronJob s/n, spec.jobTemplate.spec.template.spec.containers[0].image',
    ],
    [
      'an image volume',
      pod('Pod', '{volumes: [{image: {reference: quay.io/a:1}}]}'),
      'Pod s/n, spec.volumes[0].image.reference',
    ],
    [
      'objects of a List',
      'kind: List\nitems:\n- {kind: Pod, metadata: {name: p}, spec: {containers: [{image: quay.io/a:1}]}}\n',
      'Pod p, spec.containers[0].image',
    ],
    ['a custom resource', pod('Prometheus', '{image: quay.io/a:1}'), 'Prometheus s/n, spec.image'],
    ['a field called image', pod('Alertmanager', '{baseImage: quay.io/a:1}'), 'Alertmanager s/n, spec.baseImage'],
    [
      'a variable called image',
      pod('Pod', '{containers: [{env: [{name: HELPER_IMAGE, value: quay.io/a:1}]}]}'),
      'Pod s/n, spec.containers[0].env[0].value',
    ],
    [
      'an argument',
      pod('Pod', '{containers: [{args: [--x=1, --reloader=quay.io/a:1]}]}'),
      'Pod s/n, spec.containers[0].args[1]',
    ],
    [
      'a manifest inside a ConfigMap',
      'kind: ConfigMap\nmetadata: {name: c}\ndata:\n  pod.yaml: |\n    kind: Pod\n    metadata: {name: p}\n    spec: {containers: [{image: quay.io/a:1}]}\n',
      'ConfigMap c, data.pod.yaml: Pod p, spec.containers[0].image',
    ],
    [
      'any text inside a ConfigMap',
      'kind: ConfigMap\nmetadata: {name: c}\ndata:\n  settings: |\n    x\n    sidecar = quay.io/a:1\n',
      'ConfigMap c, data.settings: line 2',
    ],
    [
      'JSON',
      JSON.stringify({ kind: 'Pod', spec: { containers: [{ image: 'quay.io/a:1' }] } }),
      'Pod, spec.containers[0].image',
    ],
  ])('%s', (_, text, by) => {
    expect(named(text)).toEqual([`quay.io/a:1 ${by}`]);
    expect(named(text.replace('quay.io/a:1', `quay.io/a:1@${digest}`))).toEqual([`quay.io/a@${digest} ${by}`]);
  });

  test('several documents, and names as a runtime completes them', () => {
    const text = `---\n${pod('Pod', '{containers: [{image: busybox}]}')}---\n# nothing\n--- \n${pod('Pod', '{containers: [{image: calico/node:v3}]}')}`;
    expect(findImages(text, 'x.yaml').map(({ reference }) => reference)).toEqual([
      'docker.io/library/busybox:latest',
      'docker.io/calico/node:v3',
    ]);
  });

  test.each([
    [
      'a definition of custom resources',
      'kind: CustomResourceDefinition\nspec: {containers: [{image: quay.io/a:1}]}\n',
    ],
    ['a definition in a List', 'kind: List\nitems: [{kind: "CustomResourceDefinition", spec: {image: quay.io/a:1}}]\n'],
    ['a picture', pod('ConsoleLink', '{image: logo.png}')],
    ['an address', pod('Pod', '{containers: [{args: ["--url=https://quay.io/a:1", "--listen=127.0.0.1:80"]}]}')],
    ['an empty image', pod('Pod', '{containers: [{image: ""}]}')],
    ['a comment', '# image: quay.io/a:1\nkind: Pod\n'],
    ['an empty file', ''],
    ['an object of other things', 'kind: Service\nspec: {ports: [{port: 80}]}\n'],
  ])('%s names none', (_, text) => {
    expect(named(text)).toEqual([]);
  });

  test('a kind that is given twice hides nothing', () => {
    expect(refusal('kind: CustomResourceDefinition\nkind: Pod\nspec: {containers: [{image: quay.io/a:1}]}\n')).toMatch(
      /^RELEASE_INVALID: A manifest cannot be read: line 2: the key "kind" is there twice/,
    );
  });

  test('kubeadm’s own manifests', () => {
    const folder = join(import.meta.dirname, '../golden/kubeadm/1.36/single/cp1/root/etc/kubernetes/manifests');
    const file = 'kube-apiserver.yaml';
    expect(named(readFileSync(join(folder, file), 'utf8'), file)).toEqual([
      'registry.k8s.io/kube-apiserver:v1.36.3 Pod kube-system/kube-apiserver, spec.containers[0].image',
    ]);
  });
});

describe('texts', () => {
  test.each([
    ['states', 'x:\n  cmd.run:\n    - name: ctr pull quay.io/a/b:v1\n', 'line 3'],
    ['a value', '- image: quay.io/a/b:v1', 'line 1'],
    ['quotes', '{% set image = "quay.io/a/b:v1" %}', 'line 1'],
    ['a sentence', 'pulls quay.io/a/b:v1, then waits', 'line 1'],
  ])('%s', (_, text, by) => {
    expect(named(text, 'init.sls')).toEqual([`quay.io/a/b:v1 ${by}`]);
  });

  test('with a digest, with a port, and without a tag after image:', () => {
    expect(named(`ctr pull quay.io/a:1@${digest}`, 'x.sls')).toEqual([`quay.io/a@${digest} line 1`]);
    expect(named('ctr pull localhost:5000/a/b:1', 'x.sls')).toEqual(['localhost:5000/a/b:1 line 1']);
    expect(named('image: quay.io/a', 'x.sls')).toEqual(['quay.io/a:latest line 1']);
  });

  test.each([
    ['a comment', '# pulls quay.io/a/b:v1'],
    ['a comment of Jinja', '{# pulls\n quay.io/a/b:v1 #}'],
    ['an address', 'source: https://quay.io/a/b:v1'],
    ['a path', '- name: /etc/foo.d/bar:ro'],
    ['a file of Salt', '- source: salt://metalk8s.d/files/x:y'],
    ['what is filled later', 'image: {{ registry }}/pause:{{ version }}'],
    ['a host and a port', 'server: api.example.com:6443'],
  ])('%s names none', (_, text) => {
    expect(named(text, 'x.sls')).toEqual([]);
  });

  test('a manifest that is a template still is searched as a text', () => {
    expect(named('{% if x %}\nimage: quay.io/a:1\n{% endif %}', 'x.yaml')).toEqual(['quay.io/a:1 line 2']);
    expect(named(pod('Pod', '{containers: [{image: "{{image}}"}]}'))).toEqual([]);
  });
});

describe('hostile manifests', () => {
  test.each([
    ['no YAML', 'image: [', /^RELEASE_INVALID: A manifest cannot be read: .* \[x\.yaml\]$/],
    [
      'what is no image',
      pod('Pod', '{containers: [{image: "a b"}]}'),
      /spec\.containers\[0\]\.image is "a b", which is no image reference/,
    ],
    ['nesting without end', `image: ${'['.repeat(10_000)}`, /A manifest cannot be read/],
    ['a text without end', `a: ${'x'.repeat(9 * 1024 * 1024)}`, /more than 8388608 characters/],
  ])('%s', (_, text, message) => {
    const started = performance.now();
    expect(refusal(text)).toMatch(message);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test.each([
    ['keys', `image: x\n${Array.from({ length: 20_000 }, (_, number) => `k${number}: 1\n`).join('')}`, 'x.yaml'],
    ['documents', '---\na: 1\n'.repeat(500_000), 'x.yaml'],
    ['comments that begin', '{#'.repeat(1_000_000), 'x.sls'],
    ['slashes', `a.b${'/a'.repeat(1_000_000)}`, 'x.sls'],
    ['words', 'image '.repeat(500_000), 'x.sls'],
    ['spaces', `image${' '.repeat(1_000_000)}`, 'x.sls'],
  ])('%s without end', (_, text, file) => {
    const started = performance.now();
    expect(named(text, file)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test('are told by the line of the file, whatever document it is in', () => {
    expect(refusal('---\na: 1\n---\nimage: 1\nc: [\n')).toMatch(/cannot be read: line 6: /);
  });

  test('aliases of aliases', () => {
    const levels = Array.from({ length: 30 }, (_, level) => `a${level + 1}: &a${level + 1} [*a${level}, *a${level}]`);
    expect(refusal(`image: x\na0: &a0 [x]\n${levels.join('\n')}\n`)).toContain('more than 100 aliases');
  });

  test('escapes hide nothing', () => {
    expect(named('kind: Pod\nspec: {"c\\x6fntainers": [{"\\u0069mage": "quay.io/a:1"}]}\n')).toHaveLength(1);
  });

  test('what is shared is looked at once', () => {
    expect(named('kind: Pod\nspec: {containers: [&c {image: quay.io/a:1}, *c, *c]}\n')).toHaveLength(1);
  });

  test('keys that mean something to JavaScript', () => {
    expect(
      named('kind: Pod\n__proto__: {kind: X}\nspec: {containers: [{image: quay.io/a:1, constructor: 1}]}\n'),
    ).toHaveLength(1);
  });
});
