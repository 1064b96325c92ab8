import { describe, expect, test } from 'vitest';
import { inheritedReplacements, languageOf, renderGoMod } from './go-module.ts';

describe('replacements of a required module', () => {
  const cases: [line: string, expected: [path: string, by: string, version: string][]][] = [
    ['\tk8s.io/api => ./staging/src/k8s.io/api', [['k8s.io/api', 'k8s.io/api', 'v0.36.3']]],
    ['replace k8s.io/kubectl => ./staging/src/k8s.io/kubectl', [['k8s.io/kubectl', 'k8s.io/kubectl', 'v0.36.3']]],
    ['\tk8s.io/api => k8s.io/api v0.29.15 // kept', [['k8s.io/api', 'k8s.io/api', 'v0.29.15']]],
    ['\ta.test/x => b.test/y v1.0.0', [['a.test/x', 'b.test/y', 'v1.0.0']]],
    ['\tgo.etcd.io/etcd/api/v3 => ../api', []],
    ['replace go.etcd.io/etcd => ./FORBIDDEN_DEPENDENCY', []],
    ['\tk8s.io/api v0.29.15 // indirect', []],
    ['// see a => b v1', []],
  ];
  test.each(cases)('%s', (line, expected) => {
    const found = inheritedReplacements(`module m\n\nreplace (\n${line}\n)\n`, 'v1.36.3');
    expect(found.map(({ path, by }) => [path, by.path, by.version])).toEqual(expected);
  });
});

describe('language of a go.mod', () => {
  test.each([
    ['module m\n\ngo 1.26.0\n\ngodebug default=go1.26\n', { go: '1.26.0', godebug: 'go1.26' }],
    ['module m\n\ngo 1.24.3\n\nrequire github.com/kylelemons/godebug v1.1.0\n', { go: '1.24.3', godebug: undefined }],
  ])('%j', (goMod, expected) => {
    expect(languageOf(goMod)).toEqual(expected);
  });

  test('is never guessed', () => {
    expect(() => languageOf('module m\n')).toThrow('without a go line');
  });
});

test('a first go.mod names programs, modules and replacements', () => {
  const module = {
    folder: 'thing/1.2.3',
    packages: ['a.test/thing/cmd/one', 'a.test/thing/cmd/two'],
    requires: [{ path: 'a.test/thing', version: 'v1.2.3' }],
  };
  const replacements = [{ path: 'b.test/x', by: { path: 'b.test/y', version: 'v0.1.0' } }];
  expect(
    renderGoMod({ module, go: '1.24.0', godebug: 'go1.24', replacements }),
  ).toBe(`module metalk8s.test/release/thing

go 1.24.0

godebug default=go1.24

tool (
	a.test/thing/cmd/one
	a.test/thing/cmd/two
)

require (
	a.test/thing v1.2.3
)

replace (
	b.test/x => b.test/y v0.1.0
)
`);
});
