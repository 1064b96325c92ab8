import { expect, test, vi } from 'vitest';
import { isMetalK8sError, MetalK8sError } from '../../src/errors/metalk8s-error.ts';

test('an error of another copy of the module is known as ours', async () => {
  vi.resetModules();
  const copy = await import('../../src/errors/metalk8s-error.ts');
  const error = new copy.MetalK8sError('LOCKED', 'another run holds the lock');
  expect(error).not.toBeInstanceOf(MetalK8sError);
  expect(isMetalK8sError(error)).toBe(true);
});

test.each([new Error('x'), { code: 'LOCKED' }, null, undefined, 'LOCKED'])('%s is none of ours', (value) => {
  expect(isMetalK8sError(value)).toBe(false);
});

test('there is no cause when none is given', () => {
  expect('cause' in new MetalK8sError('USAGE', 'x')).toBe(false);
  expect(new MetalK8sError('USAGE', 'x', { cause: 7 }).cause).toBe(7);
});
