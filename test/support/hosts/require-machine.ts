import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { PLAIN_ENVIRONMENT } from './machine-tool.ts';

/** Programs that hosts need on the machine, with the Debian package that brings each. */
const PROGRAMS: Readonly<Record<string, string>> = {
  chroot: 'coreutils',
  depmod: 'kmod',
  flock: 'util-linux',
  ip: 'iproute2',
  losetup: 'mount',
  'mkfs.ext4': 'e2fsprogs',
  mmdebstrap: 'mmdebstrap',
  mount: 'mount',
  nft: 'nftables',
  nsenter: 'util-linux',
  resize2fs: 'e2fsprogs',
  rpmbuild: 'rpm',
  'systemd-nspawn': 'systemd-container',
  tar: 'tar',
  unshare: 'util-linux',
  xfs_io: 'xfsprogs',
};

/** Throws one error that names all that the machine lacks for hosts, with what to do. */
export async function requireMachine(): Promise<void> {
  const problems: string[] = [];
  if (process.platform !== 'linux') problems.push(`this is ${process.platform}: hosts need Linux`);
  if (process.getuid?.() !== 0) problems.push('you are not root: run the same command as root (sudo)');
  for (const [program, debianPackage] of Object.entries(PROGRAMS)) {
    if (!(await isOnPath(program))) problems.push(`${program} is missing: apt-get install ${debianPackage}`);
  }
  if (!(await isThere('/dev/loop-control'))) {
    problems.push('/dev/loop-control is missing: the kernel needs loop devices (modprobe loop)');
  }
  if (!(await isThere('/dev/fuse'))) problems.push('/dev/fuse is missing: the kernel needs FUSE (modprobe fuse)');
  if (problems.length > 0) throw new Error(`This machine cannot run test hosts:\n- ${problems.join('\n- ')}`);
}

async function isOnPath(program: string): Promise<boolean> {
  const found = await Promise.all(
    PLAIN_ENVIRONMENT.PATH.split(':').map((folder) => isThere(join(folder, program), constants.X_OK)),
  );
  return found.includes(true);
}

async function isThere(path: string, mode: number = constants.F_OK): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
