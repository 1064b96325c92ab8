import { execa } from 'execa';
import { expect, test } from 'vitest';
import { productRoot } from '../../src/product/product-root.ts';
import { findRuntime } from '../../src/product/runtime.ts';

/** What Enterprise Linux 8, the oldest platform, brings: glibc 2.28, and the libstdc++ of GCC 8.5. */
const OLDEST: Readonly<Record<string, readonly number[]>> = {
  GLIBC: [2, 28],
  GLIBCXX: [3, 4, 25],
  CXXABI: [1, 3, 11],
  GCC: [8],
};

test('the runtime needs no newer libraries than the oldest platform has', async () => {
  const { node } = await findRuntime(productRoot());
  const { stdout } = await execa('readelf', ['--version-info', '--wide', node]);
  const wanted = [...stdout.matchAll(/Name: ([A-Z]+)_(\d+(?:\.\d+)*) /g)].map(([, library = '', version = '']) => ({
    library,
    version: version.split('.').map(Number),
  }));
  expect(new Set(wanted.map(({ library }) => library))).toContain('GLIBC');
  const tooNew = wanted.filter(({ library, version }) => compare(version, OLDEST[library] ?? []) > 0);
  expect(tooNew).toEqual([]);
});

test('the runtime needs no library but those that every minimal installation has', async () => {
  const { node } = await findRuntime(productRoot());
  const { stdout } = await execa('readelf', ['--dynamic', '--wide', node]);
  const libraries = [...stdout.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name = '']) => name.replace(/\.so.*/, ''));
  expect(libraries).toContain('libc');
  const everywhere = ['ld-linux-x86-64', 'libc', 'libdl', 'libgcc_s', 'libm', 'libpthread', 'libstdc++'];
  expect(libraries.filter((name) => !everywhere.includes(name))).toEqual([]);
});

/** Above zero when the first is the newer one. */
function compare(left: readonly number[], right: readonly number[]): number {
  const different = left.findIndex((part, index) => part !== right[index]);
  return different < 0 ? left.length - right.length : (left[different] ?? 0) - (right[different] ?? 0);
}
