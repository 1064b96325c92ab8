import { expect, test } from 'vitest';
import { flushDisks } from '../../src/engine/flush-disks.ts';
import { localHost } from '../../src/hosts/local-host.ts';
import { actingHost } from '../support/engine/acting-host.ts';

test('what this machine has written is on its disks', async () => {
  await expect(flushDisks(localHost('node-1'))).resolves.toBeUndefined();
});

test('a disk that fails is told of', async () => {
  const run = () => ({ exitCode: 1, stderr: "sync: error syncing '/var/lib': Input/output error" });
  await expect(flushDisks(actingHost('/nowhere', { run }).context.host)).rejects.toMatchObject({
    code: 'STEP_FAILED',
    cause: { message: expect.stringContaining('Input/output error') },
  });
});
