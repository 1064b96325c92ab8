import { expect, test } from 'vitest';
import { mergedPath, parseLoaded } from './debian-programs.ts';

test.each([
  ['bin/ip', '/usr/bin/ip'],
  ['sbin/modprobe', '/usr/sbin/modprobe'],
  ['lib/x86_64-linux-gnu/libc.so.6', '/usr/lib/x86_64-linux-gnu/libc.so.6'],
  ['lib64/ld-linux-x86-64.so.2', '/usr/lib64/ld-linux-x86-64.so.2'],
  ['usr/sbin/nft', '/usr/sbin/nft'],
  ['etc/nginx/mime.types', '/etc/nginx/mime.types'],
])('%s of a package lies at %s of a system', (packaged, installed) => {
  expect(mergedPath(packaged)).toBe(installed);
});

test('reads the paths of what the loader lists, without what the kernel gives', () => {
  const listing = [
    '\tlinux-vdso.so.1 (0x00007ffc3e5f2000)',
    '\tlibmnl.so.0 => /tree/usr/lib/x86_64-linux-gnu/libmnl.so.0 (0x00007f2f86c00000)',
    '\tlibc.so.6 => /tree/lib/x86_64-linux-gnu/libc.so.6 (0x00007f2f86a00000)',
    '\t/lib64/ld-linux-x86-64.so.2 (0x00007f2f86c38000)',
  ].join('\n');
  expect(parseLoaded(listing)).toEqual([
    '/tree/usr/lib/x86_64-linux-gnu/libmnl.so.0',
    '/tree/lib/x86_64-linux-gnu/libc.so.6',
  ]);
});

test('names a library that is missing', () => {
  expect(() => parseLoaded('\tlibm.so.6 => not found\n')).toThrow('libm.so.6');
});
