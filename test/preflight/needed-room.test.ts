import { expect, test } from 'vitest';
import { firstNodeRoles, type NodeRole } from '../../src/kubernetes/node-role.ts';
import { neededRoom, type RoomyArchive } from '../../src/preflight/needed-room.ts';
import { healthySubject } from '../support/preflight/healthy-host.ts';

const GIB = 2 ** 30;
const roles: readonly NodeRole[] = firstNodeRoles;
const node = { platform: 'el9/x86_64', mountsImages: true, roles };

function archive(changes: Partial<RoomyArchive> = {}): RoomyArchive {
  const { archive: description } = healthySubject();
  if (description === undefined) throw new Error('no archive');
  return { description, path: '/data/a.iso', kind: 'image', stays: true, bytes: GIB, fileBytes: 2 * GIB, ...changes };
}

function roomAt(path: string, archives: readonly RoomyArchive[], changes: Partial<typeof node> = {}): number {
  return neededRoom(archives, { ...node, ...changes }).find((each) => each.path === path)?.bytes ?? 0;
}

test('an image that stays where it is takes no room; one on a medium is copied', () => {
  const copied = roomAt('/var/lib/metalk8s', [archive({ stays: false })]) - roomAt('/var/lib/metalk8s', [archive()]);
  expect(copied).toBe(GIB);
  expect(roomAt('/srv/metalk8s', [archive({ stays: false })])).toBe(0);
});

test('where the kernel mounts no images, all files are written', () => {
  expect(roomAt('/srv/metalk8s', [archive()], { mountsImages: false })).toBe(2 * GIB);
  expect(roomAt('/srv/metalk8s', [archive({ kind: 'folder', stays: true })], { mountsImages: false })).toBe(0);
  expect(roomAt('/srv/metalk8s', [archive({ kind: 'folder', stays: false })])).toBe(2 * GIB);
});

test('images of all archives are kept, packages of the one that is installed', () => {
  const one = neededRoom([archive()], node);
  const two = neededRoom([archive(), archive({ path: '/data/b.iso' })], node);
  const bytes = (room: typeof one, path: string) => room.find((each) => each.path === path)?.bytes ?? 0;
  expect(bytes(two, '/var/lib/containerd')).toBe(2 * bytes(one, '/var/lib/containerd'));
  expect(bytes(two, '/usr/bin')).toBe(bytes(one, '/usr/bin'));
});

test('a package that several platforms share leaves as much for images as if one had it', () => {
  const own = archive();
  const shared = own.description.packages.map((each) => ({
    ...each,
    platform: 'el8/x86_64',
    path: `el8/${each.path}`,
  }));
  const description = { ...own.description, packages: [...own.description.packages, ...shared] };
  expect(roomAt('/var/lib/containerd', [archive({ description })])).toBe(roomAt('/var/lib/containerd', [own]));
});

test('only etcd and control planes have data and audit logs', () => {
  expect(roomAt('/var/lib/etcd', [archive()], { roles: ['workload'] })).toBe(0);
  expect(roomAt('/var/log', [archive()], { roles: ['workload'] })).toBeLessThan(roomAt('/var/log', [archive()]));
});

test('each path is named once', () => {
  const paths = neededRoom([archive({ stays: false }), archive()], node).map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
});
