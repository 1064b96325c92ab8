import { describe, expect, test } from 'vitest';
import { readFileSystems } from '../../src/facts/read-file-systems.ts';
import { readLeftovers } from '../../src/facts/read-leftovers.ts';
import { readWriteLatencies } from '../../src/facts/read-write-latencies.ts';
import { recorded, recordedFields } from './recorded.ts';

const numbers = '4096 3069730 2984776 786432 774767';

function fileSystem(path: string, { real = path, geometry = '', stat = numbers } = {}) {
  return readFileSystems(recorded('mountinfo', 'el9'), [path, real, stat, geometry])[0];
}

describe('a file system', () => {
  test('is the one that the path, or the nearest part of it that exists, is on', () => {
    expect(fileSystem('/var/lib/etcd', { real: '/var/lib', geometry: recorded('xfs_info', 'ftype-1') })).toEqual({
      path: '/var/lib/etcd',
      mountPoint: '/var',
      source: '/dev/mapper/rl-var',
      type: 'xfs',
      options: [
        'rw',
        'nosuid',
        'nodev',
        'noexec',
        'relatime',
        'seclabel',
        'attr2',
        'inode64',
        'logbufs=8',
        'logbsize=32k',
        'noquota',
      ],
      sizeBytes: 3069730 * 4096,
      availableBytes: 2984776 * 4096,
      availableInodes: 774767,
      ftype: true,
    });
  });

  test.each([
    ['/', '/'],
    ['/variable', '/'],
    ['/var/lib/my disk/deep', '/var/lib/my disk'],
    ['/proc/sys/fs/binfmt_misc', '/proc/sys/fs/binfmt_misc'],
  ])('of %s is mounted at %s', (path, mountPoint) => {
    expect(fileSystem(path)?.mountPoint).toBe(mountPoint);
  });

  test('that hides another one is the one that is seen', () => {
    expect(fileSystem('/opt/cni/bin')).toMatchObject({ source: '/dev/sdd1', options: ['ro', 'relatime', 'seclabel'] });
  });

  test('is followed over links', () => {
    expect(fileSystem('/var/lib/containerd', { real: '/srv/containerd' })?.type).toBe('nfs4');
  });

  test('of XFS may not know what its entries are, or not tell', () => {
    expect(fileSystem('/', { geometry: recorded('xfs_info', 'ftype-0') })?.ftype).toBe(false);
    expect(fileSystem('/', { geometry: '' })?.ftype).toBeNull();
    expect(fileSystem('/opt', { geometry: recorded('xfs_info', 'ftype-0') })?.ftype).toBeNull();
  });

  test('may have no fixed number of inodes, and may not answer', () => {
    expect(fileSystem('/', { stat: '4096 3069730 2984776 0 0' })?.availableInodes).toBeNull();
    expect(fileSystem('/', { stat: '' })).toBeUndefined();
  });

  test('of the double is told too', () => {
    const fields = ['/var/lib/containerd', '/var/lib/containerd', '4096 16384 16384 3085510 3085509', ''];
    expect(readFileSystems(recorded('mountinfo', 'double'), ['/', '/', numbers, '', ...fields])).toMatchObject([
      { path: '/', mountPoint: '/', type: 'ext4' },
      { path: '/var/lib/containerd', mountPoint: '/var/lib/containerd', type: 'tmpfs', availableBytes: 67108864 },
    ]);
    expect(readFileSystems(null, fields)).toEqual([]);
  });
});

test('writes took some time each, the slowest last', () => {
  expect(readWriteLatencies(recorded('dd', 'dd-8.30'))).toEqual([0.098, 11.7, 1250]);
  const double = readWriteLatencies(recorded('dd', 'double'));
  expect(double).toHaveLength(20);
  expect(double).toEqual([...(double ?? [])].sort((one, other) => one - other));
  expect(readWriteLatencies('dd: error writing: No space left on device\n')).toBeNull();
  expect(readWriteLatencies(null)).toBeNull();
});

test('what is left of a cluster is told by its kind', () => {
  expect(readLeftovers(recordedFields('leftovers', 'double'))).toEqual([
    { path: '/etc/kubernetes/admin.conf', what: 'empty file' },
    { path: '/etc/kubernetes/manifests/etcd.yaml', what: 'file' },
    { path: '/etc/kubernetes/pki/ca.crt', what: 'file' },
    { path: '/etc/kubernetes/pki/etcd/ca.key', what: 'file' },
    { path: '/var/lib/etcd', what: 'folder with 1 entry' },
  ]);
  expect(readLeftovers(['/a', 'directory', '12', '/b', 'symbolic link', '0'])).toEqual([
    { path: '/a', what: 'folder with 12 entries' },
    { path: '/b', what: 'symbolic link' },
  ]);
});
