import type { NodeRole } from '../kubernetes/node-role.ts';
import { placeOf } from '../plan/node-archives.ts';
import type { ArchiveDescription } from '../release/archive-description.ts';

/** What of an archive decides on the room that it takes. */
export interface RoomyArchive {
  readonly description: ArchiveDescription;
  readonly path: string;
  readonly kind: 'image' | 'folder';
  readonly stays: boolean;
  /** Bytes of the image, or of all files. */
  readonly bytes: number;
  /** Bytes of all files, equal ones once. */
  readonly fileBytes: number;
}

export interface RoomyNode {
  readonly platform: string | null;
  readonly mountsImages: boolean;
  readonly roles: readonly NodeRole[];
}

type Room = readonly { readonly path: string; readonly bytes: number }[];

const MIB = 2 ** 20;

/** Layers of images are kept as they came, and unpacked: compressed text and programs are a good third of their size. */
const IMAGES = 3.5;
/** What an RPM unpacks to, and the rollback data of a transaction. */
const PACKAGES = 4;
/** etcd's quota, and its log and snapshots. */
const ETCD = 2560 * MIB;
/** Ten files of the audit log of a hundred megabytes each, and those of pods. */
const LOGS = { controlPlane: 1536 * MIB, other: 512 * MIB } as const;
/** The runtime and the bundle of metalk8s, Salt's files, journals. */
const OWN = 256 * MIB;
/** Volumes of system pods, and what the kubelet keeps. */
const KUBELET = 256 * MIB;

/** What will be written below which path when a node is installed from these archives, and run for a while. An estimate on the safe side. */
export function neededRoom(archives: readonly RoomyArchive[], node: RoomyNode): Room {
  const controlPlane = node.roles.includes('control-plane');
  return merged([
    ...archives.flatMap((archive) => [...copyRoom(archive, node), ...imageRoom(archive)]),
    ...archives.slice(0, 1).flatMap((archive) => packageRoom(archive, node)),
    { path: '/var/lib/metalk8s', bytes: OWN },
    { path: '/var/lib/kubelet', bytes: KUBELET },
    { path: '/var/log', bytes: controlPlane ? LOGS.controlPlane : LOGS.other },
    ...(node.roles.includes('etcd') ? [{ path: '/var/lib/etcd', bytes: ETCD }] : []),
  ]);
}

/** Where an archive is copied to, unless it can stay where it is. */
function copyRoom(archive: RoomyArchive, { mountsImages }: RoomyNode): Room {
  const place = placeOf(archive, mountsImages);
  if (place.path === archive.path) return [];
  return place.kind === 'image'
    ? [{ path: '/var/lib/metalk8s', bytes: archive.bytes }]
    : [{ path: '/srv/metalk8s', bytes: archive.fileBytes }];
}

/** All but packages is next to nothing beside images. */
function imageRoom({ description, fileBytes }: RoomyArchive): Room {
  // Platforms share packages, which an archive holds once.
  const packages = new Map(description.packages.map(({ sha256, size }) => [sha256, size]));
  const bytesOfPackages = [...packages.values()].reduce((sum, size) => sum + size, 0);
  return [{ path: '/var/lib/containerd', bytes: Math.max(0, fileBytes - bytesOfPackages) * IMAGES }];
}

/** Salt's own packages are unpacked to a place of their own. */
function packageRoom({ description }: RoomyArchive, { platform }: RoomyNode): Room {
  return description.packages
    .filter((each) => each.platform === platform)
    .map(({ name, size }) => ({
      path: name.startsWith('salt') ? '/opt/saltstack' : '/usr/bin',
      bytes: size * PACKAGES,
    }));
}

function merged(room: Room): Room {
  return [...Map.groupBy(room, ({ path }) => path)].map(([path, each]) => ({
    path,
    bytes: Math.ceil(each.reduce((sum, { bytes }) => sum + bytes, 0)),
  }));
}
