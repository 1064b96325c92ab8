import { expect, test } from 'vitest';
import { isKeptOut } from '../../src/engine/is-kept-out.ts';
import { existing } from '../../src/engine/leftovers/paths.ts';
import { MetalK8sError } from '../../src/errors/metalk8s-error.ts';
import type { Host } from '../../src/hosts/host.ts';

const failure = (code: string) =>
  new MetalK8sError('STEP_FAILED', 'the file cannot be read', { cause: Object.assign(new Error(code), { code }) });

test.each([
  [failure('EACCES'), true],
  [failure('EPERM'), true],
  [failure('EIO'), false],
  [new MetalK8sError('STEP_FAILED', 'no'), false],
  [new Error('EACCES'), false],
])('%s', (error, expected) => {
  expect(isKeptOut(error)).toBe(expected);
});

test('what root may not look at is not there for reset; what cannot be read for another reason is told', async () => {
  const hostOf = (code: string) => {
    const run = async () => ({ exitCode: 1, stdout: '', stderr: '' });
    return { run, files: { look: () => Promise.reject(failure(code)) } } as unknown as Host;
  };
  expect(await existing(hostOf('EACCES'), ['/home/ada/.kube/config'])).toEqual([]);
  await expect(existing(hostOf('EIO'), ['/home/ada/.kube/config'])).rejects.toMatchObject({ code: 'STEP_FAILED' });
});
