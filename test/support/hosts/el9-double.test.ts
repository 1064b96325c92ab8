import { expect, test } from 'vitest';
import { el9Files } from './el9-double.ts';

test('the release files say Enterprise Linux 9, and that it is a double', () => {
  const file = el9Files()['usr/lib/os-release'];
  const content = file !== undefined && 'content' in file ? file.content : '';
  expect(content).toContain('ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.6"\n');
  expect(content).toContain('VARIANT="test double on Debian 12"');
});

test('no service starts just because its package was installed', () => {
  expect(el9Files()['usr/lib/systemd/system-preset/99-default-disable.preset']).toEqual({ content: 'disable *\n' });
});
