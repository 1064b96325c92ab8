import { expect, test } from 'vitest';
import { parseLoopDevices } from './loop-devices.ts';

test('devices are read with their numbers, and files that were removed by their old names', () => {
  const text = JSON.stringify({
    loopdevices: [
      { name: '/dev/loop0', 'back-file': '/cache/one.ext4', 'maj:min': '  7:0', 'back-maj:min': '254:0  ' },
      { name: '/dev/loop1', 'back-file': '/x.img (deleted)', 'maj:min': '  7:1', 'back-maj:min': '  7:0' },
      { name: '/dev/loop2', 'back-file': null, 'maj:min': '  7:2', 'back-maj:min': null },
    ],
  });
  expect(parseLoopDevices(text)).toEqual([
    { name: '/dev/loop0', file: '/cache/one.ext4', number: '7:0', fileSystem: '254:0' },
    { name: '/dev/loop1', file: '/x.img', number: '7:1', fileSystem: '7:0' },
    { name: '/dev/loop2', file: '', number: '7:2', fileSystem: '' },
  ]);
});

test('no device in use is no output', () => {
  expect(parseLoopDevices('')).toEqual([]);
});
