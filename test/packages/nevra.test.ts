import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  byNevra,
  exactPackage,
  isNevra,
  type Nevra,
  nevraOf,
  nevraText,
  rpmFileName,
} from '../../src/packages/nevra.ts';

const kubelet: Nevra = { name: 'kubelet', epoch: '0', version: '1.36.3', release: '150500.1.1', arch: 'x86_64' };

test('people read an epoch where there is one, dnf and no file name do', () => {
  expect(nevraText(kubelet)).toBe('kubelet-1.36.3-150500.1.1.x86_64');
  expect(exactPackage(kubelet)).toBe('kubelet-0:1.36.3-150500.1.1.x86_64');
  const openssl = { name: 'openssl', epoch: '1', version: '3.2.2', release: '6.el9_5', arch: 'x86_64' };
  expect(nevraText(openssl)).toBe('openssl-1:3.2.2-6.el9_5.x86_64');
  expect(rpmFileName(openssl)).toBe('openssl-3.2.2-6.el9_5.x86_64.rpm');
});

test('the parts of an object are taken alone', () => {
  expect(nevraOf({ ...kubelet, more: 'than that' } as Nevra)).toEqual(kubelet);
});

describe('what may stand in a file name and in a command', () => {
  test.each([
    { version: '1.0~rc1^git2' },
    { name: 'libstdc++' },
    { name: 'python3.11' },
    { release: '9.18.el9_5.1' },
    { name: '_x' },
  ])('%j', (part) => {
    expect(isNevra({ ...kubelet, ...part })).toBe(true);
  });

  test.each([
    { name: '../kubelet' },
    { name: '-y' },
    { name: '.hidden' },
    { name: 'a b' },
    { name: '' },
    { name: 'a\n' },
    { name: '*' },
    { name: 'a,b' },
    { name: 'x'.repeat(129) },
    { epoch: '-1' },
    { epoch: '' },
    { version: '1/2' },
    { version: '1-2' },
    { release: '$(id)' },
    { arch: 'x86-64' },
    { arch: undefined },
    { version: 3 },
  ])('not %j', (part) => {
    expect(isNevra({ ...kubelet, ...part })).toBe(false);
  });

  test('no name that passes leads out of a folder, or is an option', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aZ0._+~^-/\\ \n$'), minLength: 1 }), (name) => {
        const candidate = { ...kubelet, name };
        if (isNevra(candidate)) expect(rpmFileName(candidate)).toMatch(/^[A-Za-z0-9_][^/\s]*\.rpm$/);
      }),
    );
  });
});

test('lists come in one order whatever order they had', () => {
  const names = ['b', 'a-b', 'a', 'A', 'a.b'];
  const list = names.map((name) => ({ ...kubelet, name }));
  const sorted = list.toSorted(byNevra).map(({ name }) => name);
  expect(
    list
      .toReversed()
      .toSorted(byNevra)
      .map(({ name }) => name),
  ).toEqual(sorted);
  expect(byNevra(kubelet, kubelet)).toBe(0);
});
