import { describe, expect, test } from 'vitest';
import { buildArguments, buildInputs, builtName, type GoPrograms, goPrograms } from './go-programs.ts';

const SPEC: GoPrograms = {
  name: 'thing',
  version: '1.2.3',
  module: 'thing/1.2.3',
  programs: [{ file: 'thing', package: 'a.test/thing/v2', versionArguments: ['-v'], says: '1.2.3' }],
  tags: ['netgo', 'osusergo'],
  variables: { 'main.version': 'v1.2.3' },
  usualSeconds: 1,
};

test('a build is read-only, stripped, without paths, times or ids of the machine', () => {
  expect(buildArguments(SPEC)).toEqual([
    '-mod=readonly',
    '-trimpath',
    '-buildvcs=false',
    '-ldflags=-s -w -buildid= -X=main.version=v1.2.3',
    '-tags=netgo,osusergo',
    'a.test/thing/v2',
  ]);
});

test.each([
  ['k8s.io/kubernetes/cmd/kubeadm', 'kubeadm'],
  ['go.etcd.io/etcd/server/v3', 'server'],
  ['github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2', 'containerd-shim-runc-v2'],
])('%s is built as %s', (path, name) => {
  expect(builtName(path)).toBe(name);
});

describe('the cache key', () => {
  const key = (spec: GoPrograms, pinned = 'aa', go = 'go1.26.8') => JSON.stringify(buildInputs(spec, pinned, go));

  test('is the same for the same build', () => {
    expect(key({ ...SPEC })).toBe(key(SPEC));
  });

  const [program] = SPEC.programs;
  const others: [what: string, other: string][] = [
    ['pinned modules', key(SPEC, 'bb')],
    ['the version of Go', key(SPEC, 'aa', 'go1.26.9')],
    ['tags', key({ ...SPEC, tags: ['netgo'] })],
    ['variables', key({ ...SPEC, variables: { 'main.version': 'v1.2.4' } })],
    ['names of programs', key({ ...SPEC, programs: program ? [{ ...program, file: 'other' }] : [] })],
    ['packages', key({ ...SPEC, programs: program ? [{ ...program, package: 'a.test/other' }] : [] })],
  ];
  test.each(others)('changes with %s', (_, other) => {
    expect(other).not.toBe(key(SPEC));
  });
});

test('a version that nothing pins says how to pin it', async () => {
  await expect(goPrograms(SPEC).inputs(() => {})).rejects.toThrow(
    'thing 1.2.3 is not pinned: run "node test/support/release/main.ts pin thing/1.2.3" and commit what it writes',
  );
});
