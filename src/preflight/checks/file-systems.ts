import { listed } from '../../events/words.ts';
import type { FileSystem } from '../../facts/observed-host.ts';
import type { Check, PreflightSubject } from '../check.ts';
import { fileSystemOf, hasRole } from '../look-up.ts';

const NETWORK = ['9p', 'afs', 'beegfs', 'ceph', 'cifs', 'lustre', 'nfs', 'nfs4', 'smb3', 'smbfs', 'vboxsf'];
/** What the kernel calls file systems that a program makes: GlusterFS, CephFS, SSHFS and NTFS among them. */
const BY_FUSE = /^fuse(?:blk)?(?:\.|$)/;
const OF_MEMORY = ['tmpfs', 'ramfs'];
/** Overlays cannot lie on them, or lose owners and attributes of files. */
const NO_LAYERS = ['aufs', 'ecryptfs', 'exfat', 'msdos', 'ntfs', 'ntfs3', 'overlay', 'vfat', 'zfs'];

/** Not in the hands of this host's kernel alone. */
function isElsewhere(type: string): boolean {
  return NETWORK.includes(type) || BY_FUSE.test(type);
}

/** Those of the paths that lie on a file system of which something holds, told by mount point. */
function told(
  subject: PreflightSubject,
  paths: readonly string[],
  holds: (fileSystem: FileSystem) => boolean,
  what: (fileSystem: FileSystem) => string,
) {
  const bad = paths.flatMap((path) => {
    const fileSystem = fileSystemOf(subject, path);
    return fileSystem !== undefined && holds(fileSystem) ? [fileSystem] : [];
  });
  return [...Map.groupBy(bad, ({ mountPoint }) => mountPoint).values()].flatMap((each) => {
    const [first] = each;
    if (first === undefined) return [];
    return [{ found: `${first.mountPoint}, which has ${listed(each.map(({ path }) => path))}, ${what(first)}` }];
  });
}

const etcdFileSystem: Check = {
  name: 'etcd-file-system',
  title: 'file system of the data of etcd',
  why: 'over a network, or through a program (FUSE), neither locks nor writes are as sure as etcd takes them to be, and data get lost',
  mend: 'Put /var/lib/etcd on a disk of the host, with ext4 or XFS.',
  severity: 'error',
  inspect(subject) {
    if (!hasRole(subject, 'etcd')) return [];
    return told(
      subject,
      ['/var/lib/etcd'],
      ({ type }) => isElsewhere(type),
      ({ type }) => `is ${type}`,
    );
  },
};

const containerFileSystem: Check = {
  name: 'container-file-system',
  title: 'file system of images and containers',
  why: 'layers of images cannot be put one over another there, or files lose owners and attributes',
  mend: 'Put /var/lib/containerd on a disk of the host, with ext4, or XFS with ftype=1.',
  severity: 'error',
  inspect: (subject) =>
    told(
      subject,
      ['/var/lib/containerd'],
      ({ type }) => isElsewhere(type) || NO_LAYERS.includes(type),
      ({ type }) => `is ${type}`,
    ),
};

const xfsFtype: Check = {
  name: 'xfs-ftype',
  title: 'XFS without ftype below containerd',
  why: 'files that an upper layer removes stay visible: containers see what should be gone, and fail to start',
  mend: 'It cannot be changed: make the file system anew (`mkfs.xfs -n ftype=1`), or mount another at /var/lib/containerd.',
  severity: 'error',
  inspect: (subject) =>
    told(
      subject,
      ['/var/lib/containerd'],
      ({ ftype }) => ftype === false,
      () => 'is XFS that was made with ftype=0',
    ),
};

const KEPT = [
  '/etc/kubernetes',
  '/etc/metalk8s',
  '/var/lib/containerd',
  '/var/lib/etcd',
  '/var/lib/kubelet',
  '/var/lib/metalk8s',
];

const lastingStorage: Check = {
  name: 'lasting-storage',
  title: 'whether what a node keeps survives a restart of the host',
  why: 'keys, the state of the cluster and the node itself are gone when the host starts anew',
  mend: 'Install the system on a disk, or mount one there.',
  severity: 'error',
  inspect: (subject) =>
    told(
      subject,
      KEPT,
      ({ type }) => OF_MEMORY.includes(type),
      ({ type }) => `is ${type}, which is lost with the power`,
    ),
};

const WRITTEN = [...KEPT, '/opt/cni/bin', '/opt/saltstack', '/srv/metalk8s', '/usr/bin', '/var/log'];

const readOnly: Check = {
  name: 'read-only',
  title: 'file systems that cannot be written to',
  why: 'packages and files are put there',
  mend: 'Mount it for writing. If the kernel made it read-only by itself, see `dmesg`: the disk may be failing.',
  severity: 'error',
  inspect: (subject) =>
    told(
      subject,
      WRITTEN,
      ({ options }) => options.includes('ro'),
      () => 'is mounted read-only',
    ),
};

/** What is started from there: the runtime of metalk8s, Salt, network plugins, programs of packages and of containers. */
const STARTED_FROM = ['/opt/cni/bin', '/opt/saltstack', '/usr/bin', '/var/lib/containerd', '/var/lib/metalk8s'];

const noexec: Check = {
  name: 'noexec',
  title: 'file systems that programs cannot be started from',
  why: 'programs that are installed there do not start: "permission denied"',
  mend: 'Take noexec out of its options in /etc/fstab, then `mount -o remount,exec`.',
  severity: 'error',
  inspect: (subject) =>
    told(
      subject,
      STARTED_FROM,
      ({ options }) => options.includes('noexec'),
      () => 'is mounted with noexec',
    ),
};

const nosuid: Check = {
  name: 'nosuid',
  title: 'file systems of containers where programs get no rights',
  why: 'programs in containers that change user or have capabilities of their own, as ping and sudo, do not work',
  mend: 'Take nosuid out of its options in /etc/fstab, then `mount -o remount,suid`.',
  severity: 'warning',
  inspect: (subject) =>
    told(
      subject,
      ['/var/lib/containerd'],
      ({ options }) => options.includes('nosuid'),
      () => 'is mounted with nosuid',
    ),
};

export const fileSystemChecks = [
  etcdFileSystem,
  containerFileSystem,
  xfsFtype,
  lastingStorage,
  readOnly,
  noexec,
  nosuid,
] as const;
