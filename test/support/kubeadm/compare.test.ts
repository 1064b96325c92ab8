import { expect, it } from 'vitest';
import { compareEntries, renderDifference } from './compare.ts';

const POD = 'kind: Pod\nspec:\n  containers:\n    - command: [etcd, --name=cp1]\n      image: etcd:1\n';

function differences(golden: Record<string, string>, made: Record<string, string>): string[] {
  return compareEntries(new Map(Object.entries(golden)), new Map(Object.entries(made))).map(renderDifference);
}

it('finds nothing where there is nothing', () => {
  expect(differences({ 'a.yaml': POD, b: 'text' }, { b: 'text', 'a.yaml': POD })).toEqual([]);
});

it.each([
  ['a value', POD.replace('etcd:1', 'etcd:2'), 'spec.containers[0].image: golden "etcd:1", made "etcd:2"'],
  [
    'an item',
    POD.replace('--name=cp1', '--name=cp2'),
    'spec.containers[0].command[1]: golden "--name=cp1", made "--name=cp2"',
  ],
  [
    'a missing item',
    POD.replace(', --name=cp1', ''),
    'spec.containers[0].command[1]: golden "--name=cp1", made (nothing)',
  ],
  ['a further field', `${POD}  hostNetwork: true\n`, 'spec.hostNetwork: golden (nothing), made true'],
  ['another kind of value', POD.replace('etcd:1', '{a: 1}'), 'spec.containers[0].image: golden "etcd:1", made {"a":1}'],
  [
    'bytes only',
    POD.replace('[etcd, --name=cp1]', '["etcd", --name=cp1]'),
    /^line 4: golden " +- command: \[etcd,.*, made .*\\"etcd\\"/,
  ],
])('names %s', (_what, made, expected) => {
  const [line, ...more] = differences({ 'pod.yaml': POD }, { 'pod.yaml': made });
  expect(more).toEqual([]);
  if (typeof expected === 'string') expect(line).toBe(`pod.yaml: ${expected}`);
  else expect(line?.slice('pod.yaml: '.length)).toMatch(expected);
});

it('shows where a long text in a field begins to differ', () => {
  const golden = 'data:\n  Corefile: |\n    .:53 {\n    errors\n    }\n';
  expect(differences({ f: golden }, { f: golden.replace('errors', 'log') })).toEqual([
    'f: data.Corefile line 2: golden "errors", made "log"',
  ]);
});

it('does not report items that only moved', () => {
  const list = (...items: string[]) => ({ f: `a: [${items.join(', ')}]\n` });
  expect(differences(list('x', 'y', 'z'), list('x', 'new', 'y', 'z'))).toEqual([
    'f: a[1]: golden (nothing), made "new"',
  ]);
  expect(differences(list('x', 'y', 'z'), list('y', 'z'))).toEqual(['f: a[0]: golden "x", made (nothing)']);
  expect(differences(list('x', 'x'), list('x'))).toEqual(['f: a[1]: golden "x", made (nothing)']);
  expect(differences(list('x', 'y', 'z'), list('x', 'b', 'c', 'z'))).toEqual([
    'f: a[1]: golden "y", made "b"',
    'f: a[2]: golden (nothing), made "c"',
  ]);
});

it('names files that only one side has', () => {
  expect(differences({ gone: 'abc', same: '1' }, { new: 'abcd', same: '1' })).toEqual([
    'gone: golden a file of 3 characters, made (nothing)',
    'new: golden (nothing), made a file of 4 characters',
  ]);
});

it('compares texts that are no YAML by line', () => {
  expect(differences({ f: 'A="x\ny' }, { f: 'A="x\nz' })).toEqual(['f: line 2: golden "y", made "z"']);
});

it('names the document of a file with several', () => {
  expect(differences({ f: 'a: 1\n---\na: 1\n' }, { f: 'a: 1\n---\na: 2\n' })).toEqual([
    'f: document 2.a: golden 1, made 2',
  ]);
});

it('shows a document that is one more', () => {
  expect(differences({ f: 'a: 1\n' }, { f: 'a: 1\n---\nb: 2\n' })).toEqual(['f: line 2: golden "", made "---"']);
});
