import { expect, test } from 'vitest';
import { readHeader } from '../../src/archive/read-header.ts';

test('a medium that cannot be read is told as such, and is no defect of ours', async () => {
  const cause = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', syscall: 'read' });
  const file = { read: () => Promise.reject(cause) };
  await expect(readHeader({ path: '/dev/sr0', file })).rejects.toMatchObject({
    code: 'VERIFICATION_FAILED',
    where: '/dev/sr0',
    message: expect.stringContaining('reading byte 0 fails'),
    cause,
  });
});
