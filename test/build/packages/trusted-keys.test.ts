import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { trustedKeys } from '../../../src/build/packages/trusted-keys.ts';
import { buildContext, keptReport } from '../../support/build/build-context.ts';
import { directoryOfTest } from '../../support/test-directory.ts';

test('a file of keys that is far too large is not read into memory', async () => {
  const directory = await directoryOfTest();
  const file = join(directory, 'RPM-GPG-KEY');
  await writeFile(file, '');
  await truncate(file, 2 ** 20 + 1);
  const key = { location: { file }, fingerprint: 'A'.repeat(40) };
  const context = buildContext(join(directory, 'cache'));
  const found = trustedKeys([key], { context, report: keptReport(), modulePlatform: 'platform:el9' });
  await expect(found).rejects.toMatchObject({
    code: 'VERIFICATION_FAILED',
    message: 'A file of OpenPGP keys cannot be used: it has 1048577 bytes, more than the 1048576 that are read',
  });
});
