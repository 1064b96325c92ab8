import { check, constantFrom, double, integer, property } from 'fast-check';
import { expect, it } from 'vitest';
import { kubeReserved } from '../../../src/kubernetes/kubelet/reserved-resources.ts';

const GIB = 1024 ** 3;

/** Worked out by hand from the steps: 6 % of the first processor, a quarter of the first 4 GiB, and so on. */
it.each([
  [1, 0.5, '60m', '255Mi'],
  [1, 1, '60m', '256Mi'],
  [2, 4, '70m', '1024Mi'],
  [2, 7.5, '70m', '1741Mi'],
  [4, 8, '80m', '1843Mi'],
  [4, 16, '80m', '2662Mi'],
  [8, 30, '90m', '3523Mi'],
  [16, 64, '110m', '5612Mi'],
  [64, 256, '230m', '12165Mi'],
])('of %d processors and %d GiB keeps %s and %s', (cpus, gib, cpu, memory) => {
  expect(kubeReserved({ cpus, memoryBytes: gib * GIB })).toEqual({ cpu, memory });
});

it('never keeps all, and never less of a larger host', () => {
  const memory = (bytes: number) => Number.parseInt(kubeReserved({ cpus: 2, memoryBytes: bytes }).memory ?? '', 10);
  const sizes = double({ min: 1, max: 4096, noNaN: true });
  const holds = property(sizes, sizes, (one, other) => {
    const [less, more] = [Math.min(one, other) * GIB, Math.max(one, other) * GIB];
    expect(memory(less)).toBeLessThanOrEqual(memory(more));
    expect(memory(more) * 1024 ** 2).toBeLessThan(more);
  });
  expect(check(holds).failed).toBe(false);
  const cpus = property(integer({ min: 1, max: 512 }), constantFrom(1, 64), (count, gib) => {
    expect(Number.parseInt(kubeReserved({ cpus: count, memoryBytes: gib * GIB }).cpu ?? '', 10)).toBeLessThan(
      count * 1000,
    );
  });
  expect(check(cpus).failed).toBe(false);
});
