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
  setpriv: 'util-linux',
  sysctl: 'procps',
  'systemd-nspawn': 'systemd-container',
  tar: 'tar',
  unshare: 'util-linux',
  xfs_io: 'xfsprogs',
};

/** Devices that hosts need, with the kernel module that brings each. */
const DEVICES: Readonly<Record<string, string>> = {
  '/dev/fuse': 'fuse',
  '/dev/kmsg': 'printk',
  '/dev/loop-control': 'loop',
};

/** What decides whether a machine can run hosts. */
export interface MachineFacts {
  readonly platform: string;
  readonly userId: number | undefined;
  readonly programs: readonly string[];
  readonly devices: readonly string[];
}

/** Throws one error that names all that the machine lacks for hosts, with what to do. */
export async function requireMachine(): Promise<void> {
  const problems = machineProblems({
    platform: process.platform,
    userId: process.getuid?.(),
    programs: await filter(Object.keys(PROGRAMS), isOnPath),
    devices: await filter(Object.keys(DEVICES), (path) => isThere(path)),
  });
  if (problems.length > 0) throw new Error(`This machine cannot run test hosts:\n- ${problems.join('\n- ')}`);
}

/** What a machine lacks for hosts, a line each. */
export function machineProblems({ platform, userId, programs, devices }: MachineFacts): string[] {
  const missingPrograms = Object.keys(PROGRAMS).filter((program) => !programs.includes(program));
  const missingDevices = Object.keys(DEVICES).filter((device) => !devices.includes(device));
  return [
    ...(platform === 'linux' ? [] : [`this is ${platform}: hosts need Linux`]),
    ...(userId === 0 ? [] : ['you are not root: run the same command as root (sudo)']),
    ...missingPrograms.map((program) => `${program} is missing: apt-get install ${PROGRAMS[program]}`),
    ...missingDevices.map(
      (device) => `${device} is missing: the kernel needs ${DEVICES[device]} (modprobe ${DEVICES[device]})`,
    ),
  ];
}

async function filter(names: readonly string[], judge: (name: string) => Promise<boolean>): Promise<string[]> {
  const judged = await Promise.all(names.map(judge));
  return names.filter((_, index) => judged[index]);
}

async function isOnPath(program: string): Promise<boolean> {
  const folders = PLAIN_ENVIRONMENT.PATH.split(':');
  const found = await Promise.all(folders.map((folder) => isThere(join(folder, program), constants.X_OK)));
  return found.includes(true);
}

async function isThere(path: string, mode: number = constants.F_OK): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
