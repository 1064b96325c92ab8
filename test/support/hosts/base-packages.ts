import type { HostKind } from './types.ts';

/** What the userland of every host has: about what a minimal installation of Enterprise Linux 9 brings. */
const COMMON = [
  'bash-completion',
  'ca-certificates',
  'conntrack',
  'curl',
  'dbus',
  'e2fsprogs',
  'ebtables',
  'ethtool',
  'file',
  'fuse3',
  'fuseiso',
  'gpg',
  'gpgv',
  'hostname',
  'ipset',
  'iproute2',
  'iptables',
  'iputils-arping',
  'iputils-ping',
  'kmod',
  'less',
  'libfaketime',
  'libpam-systemd',
  'libseccomp2',
  'lsof',
  'nftables',
  'openssh-client',
  'openssh-server',
  'openssl',
  'procps',
  'psmisc',
  'socat',
  'sudo',
  'systemd',
  'systemd-sysv',
  'tar',
  'xfsprogs',
  'xz-utils',
  'zstd',
] as const;

const ONLY: Readonly<Record<HostKind, readonly string[]>> = {
  'el9-double': ['dnf', 'rpm'],
  debian12: ['gnupg'],
};

/** Debian packages installed in the base tree of a kind of host. */
export function basePackages(kind: HostKind): string[] {
  return [...COMMON, ...ONLY[kind]];
}
